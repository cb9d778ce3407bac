#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sorts the same file without a broker: what every group should get. Usage: expected.py EVENTS.jsonl FOLDER"""
import sys

from webhooks import append, events, repository


def main(path, folder):
    for line in events(path):
        append(folder, repository(line), line)


if __name__ == "__main__":
    main(*sys.argv[1:])
