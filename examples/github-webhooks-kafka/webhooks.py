# SPDX-License-Identifier: Apache-2.0
"""What the programs beside this file share."""
import json
import os
import time

TOPIC = "github"
LATEST = "github.latest"


def repository(line):
    """The key of an event: the name of its repository, or "none" where it has none."""
    repository = json.loads(line)["payload"].get("repository") or {}
    return repository.get("full_name", "none")


def events(path):
    """Each line of a file, as it is."""
    with open(path, "rb") as lines:
        return [line.rstrip(b"\n") for line in lines]


def create(admin, topic, partitions, config):
    """Creates a topic; returns when it can be used."""
    from confluent_kafka.admin import NewTopic
    admin.create_topics([NewTopic(topic, partitions, 1, config=config)])[topic].result(30)
    while len(admin.list_topics(topic, 30).topics[topic].partitions) != partitions:
        time.sleep(0.05)


class Produced:
    """Sends events with their keys; every one must be acknowledged."""

    def __init__(self, bootstrap):
        from confluent_kafka import Producer
        self.producer = Producer({"bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True, "linger.ms": 5})
        self.acknowledged = 0

    def report(self, error, message):
        if error:
            raise SystemExit(f"not stored: {error}")
        self.acknowledged += 1

    def send(self, topic, lines):
        for line in lines:
            self.producer.produce(topic, line, key=repository(line), on_delivery=self.report)
            self.producer.poll(0)
        self.producer.flush(60)
        return self.acknowledged


def append(folder, key, line):
    """Adds an event to the file of its repository."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, key.replace("/", "~")), "ab") as out:
        out.write(line + b"\n")
