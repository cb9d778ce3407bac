#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh HOST:PORT [EVENTS.jsonl]: publishes with Python, consumes with Node, and compares byte for byte.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
address=$1 events=${2:-$here/events.jsonl}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
[ -d "$here/node_modules" ] || (cd "$here" && npm ci --no-audit --no-fund --silent)

python=${PYTHON:-python3}
"$python" "$here/publish.py" "$address" "$events"
node "$here/consume.js" "$address" "$out/consumed"
"$python" "$here/expected.py" "$events" "$out/expected"
diff -rq "$out/expected" "$out/consumed"
echo "every queue has got what it should, byte for byte"
