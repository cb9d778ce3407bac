#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Kafka Connect with its file connectors: standalone, then distributed with its three compacted topics. Usage: check.sh HOST:PORT. Needs Maven once.
set -uo pipefail
bootstrap=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../lib.sh"
java=$(find_java)
cp=$here/target/classpath
[ -e "$cp" ] || mvn -q -B -f "$here/pom.xml" dependency:build-classpath -Dmdep.outputFile="$cp" >&2 || exit 1
run=$(od -An -N6 -tx1 /dev/urandom | tr -d ' ')
work=$(mktemp -d)
worker=
trap 'stop_worker; rm -rf "$work"' EXIT
passed=0 failed=0

start_worker() { # CLASS ARGS…
  "$java" -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlog4j2.level=ERROR -cp "$(cat "$cp")" "$@" > "$work/worker.out" 2>&1 < /dev/null &
  worker=$!
}
stop_worker() {
  [ -n "$worker" ] || return 0
  kill "$worker" 2> /dev/null
  wait "$worker" 2> /dev/null
  worker=
}
# becomes NAME FILE LINES: the file has so many lines in the end, all there are.
becomes() {
  for _ in $(seq 400); do
    [ "$(wc -l 2> /dev/null < "$2" || echo 0)" -lt "$3" ] || break
    sleep 0.1
  done
  if diff <(seq "$3") "$2" > "$work/diff" 2>&1; then
    passed=$((passed + 1))
    echo "ok      kafka connect: $1"
  else
    failed=$((failed + 1))
    printf 'FAILED  kafka connect: %s\n%s\n%s\n' "$1" "$(head -5 "$work/diff")" "$(tail -5 "$work/worker.out")"
  fi
}

cat > "$work/common" <<PROPERTIES
bootstrap.servers=$bootstrap
key.converter=org.apache.kafka.connect.storage.StringConverter
value.converter=org.apache.kafka.connect.storage.StringConverter
offset.flush.interval.ms=300
listeners=http://127.0.0.1:0
consumer.auto.offset.reset=earliest
PROPERTIES
connector() { # KIND NAME FILE
  case $1 in
    source) printf 'name=%s\nconnector.class=FileStreamSource\ntasks.max=1\nfile=%s\ntopic=connect-%s\n' "$2" "$3" "$run" ;;
    sink) printf 'name=%s\nconnector.class=FileStreamSink\ntasks.max=1\nfile=%s\ntopics=connect-%s\n' "$2" "$3" "$run" ;;
  esac
}

{ cat "$work/common"; echo "offset.storage.file.filename=$work/offsets"; } > "$work/standalone.properties"
connector source "source-$run" "$work/in.txt" > "$work/source.properties"
connector sink "sink-$run" "$work/out.txt" > "$work/sink.properties"
seq 1000 > "$work/in.txt"
start_worker org.apache.kafka.connect.cli.ConnectStandalone "$work/standalone.properties" "$work/source.properties" "$work/sink.properties"
becomes "a file goes through a topic into another" "$work/out.txt" 1000
sleep 1
stop_worker
seq 1001 2000 >> "$work/in.txt"
start_worker org.apache.kafka.connect.cli.ConnectStandalone "$work/standalone.properties" "$work/source.properties" "$work/sink.properties"
becomes "after a restart it goes on, and nothing comes twice" "$work/out.txt" 2000
stop_worker

cat > "$work/distributed.properties" <<PROPERTIES
$(cat "$work/common")
group.id=connect-$run
exactly.once.source.support=enabled
offset.storage.topic=connect-$run-offsets
offset.storage.replication.factor=1
config.storage.topic=connect-$run-configs
config.storage.replication.factor=1
status.storage.topic=connect-$run-status
status.storage.replication.factor=1
scheduled.rebalance.max.delay.ms=0
PROPERTIES
port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
sed -i "s#^listeners=.*#listeners=http://127.0.0.1:$port#" "$work/distributed.properties"
rest() { # PATH JSON
  for _ in $(seq 300); do
    if python3 - "http://127.0.0.1:$port$1" "$2" > "$work/rest" 2>&1 <<'PY'
import sys, urllib.request
urllib.request.urlopen(urllib.request.Request(sys.argv[1], sys.argv[2].encode(), {"Content-Type": "application/json"}, method="PUT"))
PY
    then return; fi
    sleep 0.2
  done
  cat "$work/rest"
}
start_worker org.apache.kafka.connect.cli.ConnectDistributed "$work/distributed.properties"
rest "/connectors/sink-d-$run/config" "{\"connector.class\": \"FileStreamSink\", \"tasks.max\": \"1\", \"file\": \"$work/out-d.txt\", \"topics\": \"connect-d-$run\"}"
rest "/connectors/source-d-$run/config" "{\"connector.class\": \"FileStreamSource\", \"tasks.max\": \"1\", \"file\": \"$work/in.txt\", \"topic\": \"connect-d-$run\"}"
becomes "a distributed worker does the same, exactly once" "$work/out-d.txt" 2000
stop_worker
seq 2001 2500 >> "$work/in.txt"
start_worker org.apache.kafka.connect.cli.ConnectDistributed "$work/distributed.properties"
becomes "a new worker finds connectors and offsets in their topics" "$work/out-d.txt" 2500
stop_worker

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
