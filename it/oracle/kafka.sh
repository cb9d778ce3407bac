#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# kafka.sh start|stop|restart HOME
# A single-node Kafka from its published jars on loopback, on free ports, with its data under HOME. start prints the port without authentication and the one with SASL.
# Needs Maven for the jars (once, into target/) and a JDK.
set -euo pipefail
command=$1 home=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../lib.sh"
state=$home/ports
libs=$here/../target/oracle-kafka

free_ports() { # $1 = how many
  python3 - "$1" <<'PY'
import socket, sys
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in sockets))
PY
}

if [ "$command" = start ]; then
  mkdir -p "$home"
  free_ports 3 > "$state"
fi
[ -e "$state" ] || exit 0
read -r plain sasl controller < "$state"
java=$(find_java)
kafka() {
  "$java" -Xmx1g -XX:+UseG1GC -Dlog4j2.configurationFile="$here/kafka/log4j2.properties" -cp "$libs/*" "$@"
}

serve() {
  setsid "$java" -Xmx1g -XX:+UseG1GC -Dlog4j2.configurationFile="$here/kafka/log4j2.properties" -cp "$libs/*" \
    kafka.Kafka "$home/server.properties" >> "$home/out" 2>&1 < /dev/null &
  echo $! > "$home/pid"
  for _ in $(seq 600); do
    if (exec 3<> "/dev/tcp/127.0.0.1/$plain") 2>/dev/null; then return; fi
    kill -0 "$(cat "$home/pid")" 2>/dev/null || break
    sleep 0.1
  done
  cat "$home/out" >&2
  exit 1
}
halt() {
  local pid
  pid=$(cat "$home/pid")
  kill "$pid" 2>/dev/null || true
  for _ in $(seq 100); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -9 "$pid"
}

case $command in
  start)
    [ -d "$libs" ] || mvn -q -B -f "$here/kafka/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$libs" >&2
    # Kafka's own defaults, but for what a single node needs, for rights as they are where nobody has set any, and for tests that need not wait.
    cat > "$home/server.properties" <<CONF
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:$controller
listeners=PLAINTEXT://127.0.0.1:$plain,SASL_PLAINTEXT://127.0.0.1:$sasl,CONTROLLER://127.0.0.1:$controller
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
listener.name.sasl_plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_guest="guest";
listener.name.sasl_plaintext.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=true
log.dirs=$home/data
offsets.topic.replication.factor=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.abort.timed.out.transaction.cleanup.interval.ms=500
group.initial.rebalance.delay.ms=0
group.consumer.min.session.timeout.ms=1000
group.consumer.min.heartbeat.interval.ms=100
group.share.min.session.timeout.ms=1000
group.share.min.heartbeat.interval.ms=100
group.share.min.record.lock.duration.ms=1000
log.retention.check.interval.ms=1000
log.cleaner.backoff.ms=500
log.initial.task.delay.ms=500
file.delete.delay.ms=1000
CONF
    kafka kafka.tools.StorageTool format --standalone -t AAAAAAAAQAaAAAAAAAAAAA -c "$home/server.properties" > "$home/format.out" 2>&1 || {
      cat "$home/format.out" >&2
      exit 1
    }
    serve
    echo "$plain $sasl" ;;
  restart) halt; serve ;;
  stop)
    [ ! -e "$home/pid" ] || halt
    rm -rf "$home" ;;
esac
