#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Behaviours that programs with confluent-kafka (librdkafka) rely on. Usage: check.py HOST:PORT. Ends with 1 if one fails."""
import sys
import time
import traceback
import uuid

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic

BOOTSTRAP = sys.argv[1]
PATIENCE = 10


class Test:
    """Clients that go with the test, and topics of its own."""

    def __init__(self):
        self.admin = AdminClient({"bootstrap.servers": BOOTSTRAP})
        self.consumers = []
        self.topics = []

    def name(self, purpose):
        return purpose + "-" + uuid.uuid4().hex[:12]

    def topic(self, partitions=1, **config):
        name = self.name("topic")
        self.topics.append(name)
        for future in self.admin.create_topics([NewTopic(name, partitions, 1, config=config)]).values():
            future.result(PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while len(self.admin.list_topics(name, PATIENCE).topics[name].partitions) != partitions:
            assert time.monotonic() < deadline
        return name

    def producer(self, **config):
        return Producer({"bootstrap.servers": BOOTSTRAP, "linger.ms": 0, "message.timeout.ms": PATIENCE * 1000, **config})

    def consumer(self, group, *topics, **config):
        consumer = Consumer({"bootstrap.servers": BOOTSTRAP, "group.id": group, "auto.offset.reset": "earliest",
                             "enable.auto.commit": False, "fetch.wait.max.ms": 50, **config})
        self.consumers.append(consumer)
        if topics:
            consumer.subscribe(list(topics))
        return consumer

    def send(self, topic, *values, producer=None, **more):
        if producer is None:  # an idle one is false
            producer = self.producer()
        reports = []
        for value in values:
            producer.produce(topic, value, on_delivery=lambda error, message: reports.append((error, message)), **more)
        producer.flush(PATIENCE)
        for error, _ in reports:
            if error:
                raise KafkaException(error)
        return [message for _, message in reports]

    def close(self):
        for consumer in self.consumers:
            consumer.close()
        if self.topics:
            for future in self.admin.delete_topics(self.topics).values():
                try:
                    future.result(PATIENCE)
                except KafkaException:
                    pass  # the test deleted it


def take(consumer, count, seconds=PATIENCE):
    messages = []
    deadline = time.monotonic() + seconds
    while len(messages) < count and time.monotonic() < deadline:
        message = consumer.poll(0.1)
        if message is None:
            continue
        if message.error():
            raise KafkaException(message.error())
        messages.append(message)
    assert len(messages) == count, f"{len(messages)} of {count} messages came"
    return messages


def values(messages):
    return [message.value() for message in messages]


def produce_and_consume(t):
    topic = t.topic()
    t.send(topic, b"a", b"b", b"c")
    assert values(take(t.consumer(t.name("group"), topic), 3)) == [b"a", b"b", b"c"]


def keys_headers_and_timestamps_arrive(t):
    topic = t.topic()
    t.send(topic, b"v", key=b"k", headers=[("h", b"1"), ("h", b"2")], timestamp=1_900_000_000_000 - 10 ** 12)
    message = take(t.consumer(t.name("group"), topic), 1)[0]
    assert (message.key(), message.headers()) == (b"k", [("h", b"1"), ("h", b"2")])
    assert message.timestamp()[1] == 1_900_000_000_000 - 10 ** 12


def every_acknowledgement_is_reported_with_its_offset(t):
    topic = t.topic()
    for acks in ("0", "1", "all"):
        t.send(topic, acks.encode(), producer=t.producer(acks=acks))
    sent = t.send(topic, b"last")
    assert sent[0].offset() == 3, sent[0].offset()


def an_idempotent_producer_stores_everything_once(t):
    topic = t.topic()
    sent = [str(i).encode() for i in range(2000)]
    producer = t.producer(**{"enable.idempotence": True, "linger.ms": 5})
    t.send(topic, *sent, producer=producer)
    assert values(take(t.consumer(t.name("group"), topic), 2000)) == sent


def compressions_arrive(t):
    topic = t.topic()
    for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
        t.send(topic, b"x" * 10_000 + codec.encode(), producer=t.producer(**{"compression.type": codec}))
    got = values(take(t.consumer(t.name("group"), topic), 5))
    assert got == [b"x" * 10_000 + codec for codec in (b"none", b"gzip", b"snappy", b"lz4", b"zstd")]


def a_group_goes_on_where_it_committed(t):
    topic, group = t.topic(), t.name("group")
    t.send(topic, b"a", b"b")
    first = t.consumer(group, topic)
    first.commit(message=take(first, 1)[0], asynchronous=False)
    first.close()
    t.consumers.remove(first)
    assert values(take(t.consumer(group, topic), 1)) == [b"b"]


def members_share_the_partitions(t):
    for strategy in ("range", "roundrobin", "cooperative-sticky"):
        topic, group = t.topic(4), t.name("group")
        config = {"partition.assignment.strategy": strategy, "heartbeat.interval.ms": 100}
        one, two = t.consumer(group, topic, **config), t.consumer(group, topic, **config)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and (len(one.assignment()), len(two.assignment())) != (2, 2):
            one.poll(0.05)
            two.poll(0.05)
        assert (len(one.assignment()), len(two.assignment())) == (2, 2), strategy


def committed_offsets_have_metadata(t):
    topic, group = t.topic(), t.name("group")
    consumer = t.consumer(group)
    offset = TopicPartition(topic, 0, 7)
    consumer.commit(offsets=[offset], asynchronous=False)
    assert consumer.committed([TopicPartition(topic, 0)], PATIENCE)[0].offset == 7


def watermarks_and_times_are_found(t):
    topic = t.topic()
    now = int(time.time() * 1000)
    for i in range(3):
        t.send(topic, str(i).encode(), timestamp=now + i * 1000)
    consumer = t.consumer(t.name("group"))
    assert consumer.get_watermark_offsets(TopicPartition(topic, 0), PATIENCE) == (0, 3)
    assert consumer.offsets_for_times([TopicPartition(topic, 0, now + 500)], PATIENCE)[0].offset == 1


def a_consumer_seeks(t):
    topic = t.topic()
    t.send(topic, b"a", b"b", b"c")
    consumer = t.consumer(t.name("group"))
    consumer.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
    take(consumer, 3)
    consumer.seek(TopicPartition(topic, 0, 1))
    assert values(take(consumer, 2)) == [b"b", b"c"]


def a_pattern_finds_topics(t):
    topic = t.topic()
    t.send(topic, b"v")
    assert values(take(t.consumer(t.name("group"), "^" + topic[:-1] + "."), 1)) == [b"v"]


def transactions_are_all_or_nothing(t):
    topic = t.topic()
    producer = t.producer(**{"transactional.id": t.name("tx")})
    producer.init_transactions(PATIENCE)
    producer.begin_transaction()
    t.send(topic, b"aborted", producer=producer)
    producer.abort_transaction(PATIENCE)
    producer.begin_transaction()
    t.send(topic, b"committed", producer=producer)
    producer.commit_transaction(PATIENCE)
    consumer = t.consumer(t.name("group"), topic, **{"isolation.level": "read_committed"})
    assert values(take(consumer, 1)) == [b"committed"]


def offsets_are_committed_with_a_transaction(t):
    source, sink, group = t.topic(), t.topic(), t.name("group")
    t.send(source, b"in")
    consumer = t.consumer(group, source)
    take(consumer, 1)
    producer = t.producer(**{"transactional.id": t.name("tx")})
    producer.init_transactions(PATIENCE)
    producer.begin_transaction()
    t.send(sink, b"out", producer=producer)
    producer.send_offsets_to_transaction([TopicPartition(source, 0, 1)], consumer.consumer_group_metadata(), PATIENCE)
    producer.commit_transaction(PATIENCE)
    assert consumer.committed([TopicPartition(source, 0)], PATIENCE)[0].offset == 1


def topics_are_listed_grown_and_deleted(t):
    topic = t.topic(2)
    deadline = time.monotonic() + PATIENCE
    while len(t.admin.list_topics(topic, PATIENCE).topics[topic].partitions) != 2:
        assert time.monotonic() < deadline
    t.admin.create_partitions([NewPartitions(topic, 3)])[topic].result(PATIENCE)
    while len(t.admin.list_topics(topic, PATIENCE).topics[topic].partitions) != 3:
        assert time.monotonic() < deadline
    t.admin.delete_topics([topic])[topic].result(PATIENCE)
    while topic in t.admin.list_topics(timeout=PATIENCE).topics:
        assert time.monotonic() < deadline


def configs_are_described_and_altered(t):
    topic = t.topic(**{"retention.ms": "60000"})
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
    assert t.admin.describe_configs([resource])[resource].result(PATIENCE)["retention.ms"].value == "60000"
    changed = ConfigResource(ConfigResource.Type.TOPIC, topic, set_config={"retention.ms": "70000"})
    t.admin.alter_configs([changed])[changed].result(PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while t.admin.describe_configs([resource])[resource].result(PATIENCE)["retention.ms"].value != "70000":
        assert time.monotonic() < deadline


def groups_are_listed(t):
    topic, group = t.topic(), t.name("group")
    consumer = t.consumer(group, topic)
    t.send(topic, b"v")
    take(consumer, 1)
    assert [g.id for g in t.admin.list_groups(group, PATIENCE)] == [group]


def a_refusal_reaches_the_program(t):
    topic = t.topic(**{"max.message.bytes": "1000"})
    try:
        t.send(topic, b"x" * 2000)
    except KafkaException as refusal:
        assert refusal.args[0].name() == "MSG_SIZE_TOO_LARGE", refusal
        return
    raise AssertionError("was not refused")


BEHAVIOURS = [value for value in list(globals().values()) if callable(value) and getattr(value, "__module__", "") == "__main__"
              and value not in (take, values, Test)]


def main():
    failed = 0
    for behaviour in BEHAVIOURS:
        name = behaviour.__name__.replace("_", " ")
        test = Test()
        try:
            behaviour(test)
            print("ok      kafka python: " + name)
        except Exception:
            failed += 1
            print("FAILED  kafka python: " + name)
            traceback.print_exc(file=sys.stdout)
        finally:
            test.close()
    print(f"{len(BEHAVIOURS) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
