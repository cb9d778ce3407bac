#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Behaviours of Kafka's own command line tools. Usage: check.sh HOST:PORT. Needs Maven once. Ends with 1 if one fails.
set -uo pipefail
bootstrap=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../lib.sh"
java=$(find_java)
cp=$here/target/classpath
[ -e "$cp" ] || mvn -q -B -f "$here/pom.xml" dependency:build-classpath -Dmdep.outputFile="$cp" >&2 || exit 1
run=$(od -An -N6 -tx1 /dev/urandom | tr -d ' ')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# Quick to start, and silent: short programs on a small machine.
tool() {
  timeout 60 "$java" -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Dlog4j2.level=OFF -cp "$(cat "$cp")" "$@" 2> "$work/errors"
}
topics() { tool org.apache.kafka.tools.TopicCommand --bootstrap-server "$bootstrap" "$@"; }
configs() { tool org.apache.kafka.tools.ConfigCommand --bootstrap-server "$bootstrap" "$@" || tool kafka.admin.ConfigCommand --bootstrap-server "$bootstrap" "$@"; }
groups() { tool org.apache.kafka.tools.consumer.group.ConsumerGroupCommand --bootstrap-server "$bootstrap" "$@"; }
produce() { tool org.apache.kafka.tools.ConsoleProducer --bootstrap-server "$bootstrap" "$@"; }
consume() { tool org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server "$bootstrap" --timeout-ms 15000 "$@"; }

# says NAME PATTERN COMMAND…: its output has a line that matches.
says() {
  local name=$1 pattern=$2 out
  shift 2
  out=$("$@")
  if grep -Eq -- "$pattern" <<< "$out"; then
    passed=$((passed + 1))
    echo "ok      kafka tools: $name"
  else
    failed=$((failed + 1))
    printf 'FAILED  kafka tools: %s\n  no line like: %s\n%s\n%s\n' "$name" "$pattern" "$(head -20 <<< "$out")" "$(head -5 "$work/errors")"
  fi
}

topic=tools-$run
group=group-$run
says "kafka-topics creates" "Created topic $topic" topics --create --topic "$topic" --partitions 2 --config retention.ms=3600000
says "kafka-topics lists" "^$topic\$" topics --list
says "kafka-topics describes" "PartitionCount: 2.*retention.ms=3600000" topics --describe --topic "$topic"
topics --alter --topic "$topic" --partitions 3 > /dev/null
says "kafka-topics adds partitions" "PartitionCount: 3" topics --describe --topic "$topic"

configs --alter --entity-type topics --entity-name "$topic" --add-config max.message.bytes=200000 > /dev/null
says "kafka-configs alters topics" "max.message.bytes=200000" configs --describe --entity-type topics --entity-name "$topic"
configs --alter --entity-type clients --entity-name "client-$run" --add-config producer_byte_rate=100000000 > /dev/null
says "kafka-configs alters quotas" "producer_byte_rate=1.0E8" configs --describe --entity-type clients --entity-name "client-$run"
configs --alter --entity-type users --entity-name "user-$run" --add-config 'SCRAM-SHA-256=[password=secret]' > /dev/null
says "kafka-configs alters SCRAM credentials" "SCRAM-SHA-256=iterations=4096" configs --describe --entity-type users --entity-name "user-$run"
says "kafka-configs describes the broker" "num.partitions=1" configs --describe --entity-type brokers --entity-name 1 --all

printf 'k1:one\nk2:two\nk3:three\n' | produce --topic "$topic" --reader-property parse.key=true --reader-property key.separator=: 
says "the console producer and consumer" "^one,three,two\$" eval "consume --topic '$topic' --from-beginning --max-messages 3 --group '$group' | sort | paste -sd,"
says "the console consumer shows keys" "^k1=one\$" consume --topic "$topic" --from-beginning --max-messages 3 --formatter-property print.key=true --formatter-property key.separator==

says "kafka-consumer-groups lists" "^$group\$" groups --list
says "kafka-consumer-groups tells the lag" "$group +$topic +0 " groups --describe --group "$group"
says "kafka-consumer-groups tells the state" "Empty" groups --describe --group "$group" --state
says "kafka-consumer-groups resets offsets" "$topic +[0-9] +0" groups --reset-offsets --group "$group" --topic "$topic" --to-earliest --execute
says "kafka-consumer-groups deletes offsets" "Successful" groups --delete-offsets --group "$group" --topic "$topic"
says "kafka-consumer-groups deletes" "successful" groups --delete --group "$group"

says "kafka-producer-perf-test" "20000 records sent" tool org.apache.kafka.tools.ProducerPerformance --topic "$topic" --num-records 20000 --record-size 200 \
  --throughput -1 --bootstrap-server "$bootstrap" --command-property acks=all
says "kafka-consumer-perf-test" ", 2[0-9]{4}, " tool org.apache.kafka.tools.ConsumerPerformance --bootstrap-server "$bootstrap" --topic "$topic" --num-records 20000
says "kafka-e2e-latency" "99th" tool org.apache.kafka.tools.EndToEndLatency --bootstrap-server "$bootstrap" --topic "$topic-e2e" --num-records 500 --producer-acks all --record-size 100
says "kafka-get-offsets" "^$topic:0:[0-9]+\$" tool org.apache.kafka.tools.GetOffsetShell --bootstrap-server "$bootstrap" --topic "$topic"

says "kafka-verifiable-producer" '"acked":500|"name":"tool_data".*"acked":500' tool org.apache.kafka.tools.VerifiableProducer --bootstrap-server "$bootstrap" --topic "$topic-v" --max-messages 500
says "kafka-verifiable-consumer" '"name":"records_consumed"' tool org.apache.kafka.tools.VerifiableConsumer --bootstrap-server "$bootstrap" --topic "$topic-v" --group-id "$group-v" --max-messages 500 --reset-policy earliest

says "kafka-acls adds" "operation=READ, permissionType=ALLOW" tool org.apache.kafka.tools.AclCommand --bootstrap-server "$bootstrap" --add --allow-principal User:alice --operation Read --topic "acl-$run"
says "kafka-acls lists" "principal=User:alice" tool org.apache.kafka.tools.AclCommand --bootstrap-server "$bootstrap" --list --topic "acl-$run"
says "kafka-acls removes" "^\$" tool org.apache.kafka.tools.AclCommand --bootstrap-server "$bootstrap" --remove --force --topic "acl-$run"


says "kafka-transactions lists" "TransactionalId" tool org.apache.kafka.tools.TransactionsCommand --bootstrap-server "$bootstrap" list
says "kafka-transactions describes producers" "ProducerId" tool org.apache.kafka.tools.TransactionsCommand --bootstrap-server "$bootstrap" describe-producers --topic "$topic" --partition 0
says "kafka-transactions finds what hangs" "Topic|^\$" tool org.apache.kafka.tools.TransactionsCommand --bootstrap-server "$bootstrap" find-hanging --broker-id 1

configs --alter --entity-type groups --entity-name "share-$run" --add-config share.auto.offset.reset=earliest > /dev/null
says "the console share consumer" "^one\$" tool org.apache.kafka.tools.consumer.ConsoleShareConsumer --bootstrap-server "$bootstrap" --topic "$topic" --group "share-$run" --max-messages 3000 --timeout-ms 8000
says "kafka-share-groups lists" "share-$run" tool org.apache.kafka.tools.consumer.group.ShareGroupCommand --bootstrap-server "$bootstrap" --list
says "kafka-share-groups describes" "share-$run +$topic" tool org.apache.kafka.tools.consumer.group.ShareGroupCommand --bootstrap-server "$bootstrap" --describe --group "share-$run"
says "kafka-groups lists all kinds" "share-$run +Share" tool org.apache.kafka.tools.GroupsCommand --bootstrap-server "$bootstrap" --list

says "kafka-log-dirs" "\"partition\":\"$topic-0\"" tool org.apache.kafka.tools.LogDirsCommand --bootstrap-server "$bootstrap" --describe --topic-list "$topic"
says "kafka-broker-api-versions" "Produce\(0\): 0 to 13" tool org.apache.kafka.tools.BrokerApiVersionsCommand --bootstrap-server "$bootstrap"
says "kafka-features" "Feature: transaction.version" tool org.apache.kafka.tools.FeatureCommand --bootstrap-server "$bootstrap" describe
says "kafka-metadata-quorum" "LeaderId: +[0-9]+" tool org.apache.kafka.tools.MetadataQuorumCommand --bootstrap-server "$bootstrap" describe --status
says "kafka-cluster tells the id" "Cluster ID: .+" tool org.apache.kafka.tools.ClusterTool cluster-id --bootstrap-server "$bootstrap"
says "kafka-leader-election" "Valid replica already elected|Successfully completed" tool org.apache.kafka.tools.LeaderElectionCommand --bootstrap-server "$bootstrap" --election-type preferred --topic "$topic" --partition 0
printf '{"partitions":[{"topic":"%s","partition":0,"offset":1}],"version":1}' "$topic" > "$work/delete.json"
says "kafka-delete-records" "low_watermark: 1" tool org.apache.kafka.tools.DeleteRecordsCommand --bootstrap-server "$bootstrap" --offset-json-file "$work/delete.json"
topics --delete --topic "$topic" > /dev/null
says "kafka-topics deletes" "^0\$" eval "topics --list | grep -cx '$topic'"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
