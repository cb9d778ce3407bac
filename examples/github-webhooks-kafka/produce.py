#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Produces each line of a file of GitHub webhooks, as it is, keyed by its repository. Usage: produce.py HOST:PORT EVENTS.jsonl

The topic is compacted: for ever it keeps at least the last event of each repository. Every event is acknowledged by all (acks=all) before the
program ends: once it has printed its last line, no crash of the broker loses one."""
import sys

from confluent_kafka.admin import AdminClient

from webhooks import TOPIC, Produced, create, events


def main(bootstrap, path):
    create(AdminClient({"bootstrap.servers": bootstrap}), TOPIC, 3, {"cleanup.policy": "compact"})
    print(f"{Produced(bootstrap).send(TOPIC, events(path))} events produced and acknowledged")


if __name__ == "__main__":
    main(*sys.argv[1:])
