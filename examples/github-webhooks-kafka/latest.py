#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compaction: produces the events to a topic that is compacted soon, and waits until only the last one of each repository is left.
Usage: latest.py HOST:PORT EVENTS.jsonl"""
import sys
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition
from confluent_kafka.admin import AdminClient

from webhooks import LATEST, Produced, create, events, repository

TICK = "tick"
PATIENCE_S = 60


def read(bootstrap, group):
    """All there is, by key; a key may be there several times."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": group, "enable.auto.commit": False, "enable.partition.eof": True})
    consumer.assign([TopicPartition(LATEST, 0, OFFSET_BEGINNING)])
    found = {}
    while True:
        message = consumer.poll(5)
        if message is None or message.error():
            consumer.close()
            return found
        found.setdefault(message.key().decode(), []).append(message.value())


def main(bootstrap, path):
    create(AdminClient({"bootstrap.servers": bootstrap}), LATEST, 1,
           {"cleanup.policy": "compact", "segment.ms": "200", "min.cleanable.dirty.ratio": "0.01", "max.compaction.lag.ms": "1000"})
    lines = events(path)
    expected = {repository(line): [line] for line in lines}
    produced = Produced(bootstrap)
    produced.send(LATEST, lines)
    deadline = time.monotonic() + PATIENCE_S
    for group in ("archive", "audit"):
        while True:
            time.sleep(0.3)
            produced.producer.produce(LATEST, b"", key=TICK)  # closes the segment before
            produced.producer.flush(10)
            found = read(bootstrap, group)
            found.pop(TICK, None)
            if found == expected:
                break
            if time.monotonic() > deadline:
                raise SystemExit(f"{sum(map(len, found.values()))} events of {len(found)} repositories are left, {len(expected)} are due")
    print(f"compacted: of {len(lines)} events the last one of each of {len(expected)} repositories is left, byte for byte")


if __name__ == "__main__":
    main(*sys.argv[1:])
