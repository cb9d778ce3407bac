#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Publishes each line of a file of GitHub webhooks, as it is, to a topic exchange. Usage: publish.py HOST:PORT EVENTS.jsonl

The routing key is "event.action", or "event" alone where there is no action. Three durable queues are bound by patterns. Every message is
persistent and confirmed before the program ends: once it has printed its last line, no crash of the broker loses one."""
import json
import sys

import pika

EXCHANGE = "github"
QUEUES = {
    "github.issues": ["issues.*", "issue_comment.*"],
    "github.code": ["push", "pull_request.#", "create", "delete", "release.published"],
    "github.everything": ["#"],
}
PERSISTENT = pika.BasicProperties(content_type="application/json", delivery_mode=2)


def routing_key(line):
    event = json.loads(line)
    return event["event"] + ("." + event["action"] if event["action"] else "")


def main(address, path):
    host, port = address.rsplit(":", 1)
    connection = pika.BlockingConnection(pika.ConnectionParameters(host, int(port)))
    channel = connection.channel()
    channel.exchange_declare(EXCHANGE, "topic", durable=True)
    for queue, patterns in QUEUES.items():
        channel.queue_declare(queue, durable=True)
        for pattern in patterns:
            channel.queue_bind(queue, EXCHANGE, pattern)
    channel.confirm_delivery()
    count = 0
    with open(path, "rb") as events:
        for line in events:
            body = line.rstrip(b"\n")
            channel.basic_publish(EXCHANGE, routing_key(body), body, PERSISTENT, mandatory=True)
            count += 1
    connection.close()
    print(f"{count} events published and confirmed")


if __name__ == "__main__":
    main(*sys.argv[1:])
