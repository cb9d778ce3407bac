#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the lines that each queue should get, without a broker. Usage: expected.py EVENTS.jsonl FOLDER"""
import json
import os
import sys

CODE = ("push", "pull_request", "create", "delete")


def queues(event, action):
    yield "github.everything"
    if event in ("issues", "issue_comment") and action:
        yield "github.issues"
    if event in CODE or (event, action) == ("release", "published"):
        yield "github.code"


def main(path, folder):
    os.makedirs(folder, exist_ok=True)
    files = {name: open(os.path.join(folder, name), "wb") for name in ("github.issues", "github.code", "github.everything")}
    with open(path, "rb") as events:
        for line in events:
            event = json.loads(line)
            for queue in queues(event["event"], event["action"]):
                files[queue].write(line)
    for file in files.values():
        file.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
