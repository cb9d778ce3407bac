// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.topic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

/**
 * A topic as it is in the metadata, in JSON, under {@code /kafka/topics/NAME}.
 *
 * @param id      as Kafka writes it: 22 characters
 * @param logs    the numbers of the partitions' logs, as runs: partitions that were created together have consecutive ones, and so a topic of many partitions stays a small record
 * @param configs what was set
 */
record TopicRecord(String id, List<Run> logs, Map<String, String> configs) {
    static final String PREFIX = "/kafka/topics/";
    private static final JsonMapper JSON = new JsonMapper();

    /** So many consecutive numbers. */
    record Run(long first, int count) {}

    static TopicRecord of(String id, List<Long> numbers, Map<String, String> configs) {
        List<Run> runs = new ArrayList<>();
        for (long number : numbers) {
            Run last = runs.isEmpty() ? null : runs.getLast();
            if (last != null && last.first() + last.count() == number) {
                runs.set(runs.size() - 1, new Run(last.first(), last.count() + 1));
            } else {
                runs.add(new Run(number, 1));
            }
        }
        return new TopicRecord(id, runs, configs);
    }

    byte[] bytes() {
        return JSON.writeValueAsBytes(this);
    }

    static TopicRecord of(byte[] bytes) {
        return JSON.readValue(bytes, TopicRecord.class);
    }
}
