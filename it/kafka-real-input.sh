#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# kafka-real-input.sh [EVENTS.jsonl]: the example examples/github-webhooks-kafka on a Relais of its own: produced keyed by repository, compacted, consumed by two groups,
# with kill -9 between producing and consuming and in the middle of consuming.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/it/lib.sh"
example=$root/examples/github-webhooks-kafka
events=${1:-$root/examples/github-webhooks/events.jsonl}
python=${PYTHON:-/usr/bin/python3}
work=$(mktemp -d)
trap 'stop_relais; rm -rf "$work"' EXIT

start_relais "$work/data" 127.0.0.1:0
"$python" "$example/produce.py" "$relais_kafka" "$events"
kill_relais
echo "killed after producing"
start_relais "$work/data" 127.0.0.1:0
"$python" "$example/consume.py" "$relais_kafka" archive "$work/archive" 40
kill_relais
echo "killed after the first group has consumed a part"
start_relais "$work/data" 127.0.0.1:0
"$python" "$example/consume.py" "$relais_kafka" archive "$work/archive"
"$python" "$example/consume.py" "$relais_kafka" audit "$work/audit"
"$python" "$example/expected.py" "$events" "$work/expected"
diff -r "$work/expected" "$work/archive"
diff -r "$work/expected" "$work/audit"
"$python" "$example/latest.py" "$relais_kafka" "$events"
echo "both groups have got every event, byte for byte, through two crashes"
