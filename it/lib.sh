# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts that need a Relais of their own. Sets relais_pid, relais_address (AMQP) and relais_kafka.
relais_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
relais_pid=
relais_address=
relais_kafka=
relais_out=

# start_relais DATA [HOST:PORT]: ./relais serve on a free port of loopback, and with Kafka's protocol where it is told to; returns when clients can come in.
start_relais() {
  relais_out=$1.out
  "$relais_root/relais" serve --data "$1" --set amqp.listen=127.0.0.1:0 --set kafka.listen="${2:-off}" > "$relais_out" 2>&1 < /dev/null &
  relais_pid=$!
  for _ in $(seq 6000); do
    relais_address=$(sed -n 's/^relais ready .*amqp=\([^ ]*\).*/\1/p' "$relais_out")
    relais_kafka=$(sed -n 's/^relais ready .*kafka=\([^ ]*\).*/\1/p' "$relais_out")
    [ -z "$relais_address" ] || return 0
    kill -0 "$relais_pid" 2>/dev/null || break
    sleep 0.05
  done
  echo "Relais did not start:" >&2
  cat "$relais_out" >&2
  return 1
}

# kill_relais: as a crash does it.
kill_relais() {
  kill -9 "$relais_pid"
  wait "$relais_pid" 2>/dev/null || true
  relais_pid=
}

# stop_relais: in an orderly way; nothing to do where it does not run.
stop_relais() {
  [ -n "$relais_pid" ] || return 0
  kill "$relais_pid" 2>/dev/null || true
  for _ in $(seq 200); do
    kill -0 "$relais_pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -9 "$relais_pid" 2>/dev/null || true
  wait "$relais_pid" 2>/dev/null || true
  relais_pid=
  rm -f "$relais_out"
}

# find_java: the java of a JDK 25.
find_java() {
  local home
  for home in "${JAVA25_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    if [ -x "$home/bin/java" ] && grep -qs '^JAVA_VERSION="2[5-9]' "$home/release"; then
      echo "$home/bin/java"
      return 0
    fi
  done
  echo "no JDK 25 found: set JAVA25_HOME" >&2
  return 1
}
