#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# real-input.sh [EVENTS.jsonl]: the example examples/github-webhooks on a Relais of its own, first as it is, then with kill -9 between publishing, consuming a part, and consuming the rest.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/it/lib.sh"
example=$root/examples/github-webhooks
events=${1:-$example/events.jsonl}
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'stop_relais; rm -rf "$work"' EXIT

start_relais "$work/data"
"$example/run.sh" "$relais_address" "$events"

"$python" "$example/publish.py" "$relais_address" "$events"
kill_relais
echo "killed after publishing"
start_relais "$work/data"
node "$example/consume.js" "$relais_address" "$work/consumed" 20
sleep 1.2 # an acknowledgement is on the disk soon, but nobody is told when
kill_relais
echo "killed after consuming a part"
start_relais "$work/data"
node "$example/consume.js" "$relais_address" "$work/consumed"
"$python" "$example/expected.py" "$events" "$work/expected"
diff -rq "$work/expected" "$work/consumed"
echo "every queue has got what it should, byte for byte, through two crashes"
