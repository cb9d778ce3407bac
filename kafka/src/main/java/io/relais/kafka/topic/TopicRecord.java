// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.topic;

import java.util.List;
import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

/**
 * A topic as it is in the metadata, in JSON, under {@code /kafka/topics/NAME}.
 *
 * @param id      as Kafka writes it: 22 characters
 * @param logs    the number of each partition's log
 * @param configs what was set
 */
record TopicRecord(String id, List<Long> logs, Map<String, String> configs) {
    static final String PREFIX = "/kafka/topics/";
    private static final JsonMapper JSON = new JsonMapper();

    byte[] bytes() {
        return JSON.writeValueAsBytes(this);
    }

    static TopicRecord of(byte[] bytes) {
        return JSON.readValue(bytes, TopicRecord.class);
    }
}
