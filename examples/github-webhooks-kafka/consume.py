#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Consumes the events in a group, from where the group was, into one file for each repository. Usage: consume.py HOST:PORT GROUP FOLDER [COUNT]

Each event is committed once it is written, so a program that goes on, with the same group, goes on with the next."""
import sys
import time

from confluent_kafka import Consumer, KafkaException

from webhooks import TOPIC, append

QUIET_S = 3
JOINING_S = 20


def main(bootstrap, group, folder, count=None):
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False,
                         "session.timeout.ms": 6000})
    consumer.subscribe([TOPIC])
    got = 0
    until = time.monotonic() + JOINING_S
    while time.monotonic() < until and (count is None or got < int(count)):
        message = consumer.poll(0.2)
        if message is None:
            continue
        if message.error():
            raise KafkaException(message.error())
        append(folder, message.key().decode(), message.value())
        consumer.commit(message=message, asynchronous=False)
        got += 1
        until = time.monotonic() + QUIET_S
    consumer.close()
    print(f"{group}: {got} events consumed")


if __name__ == "__main__":
    main(*sys.argv[1:])
