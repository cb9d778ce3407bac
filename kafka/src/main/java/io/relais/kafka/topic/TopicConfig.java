// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.topic;

import java.util.Map;

import io.relais.log.RetainedOptions;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * The configuration of a topic: what was set, and all values as Kafka names and defaults them. Immutable.
 *
 * <p>{@code flush.messages} and {@code flush.ms} are Kafka's, with a difference that is the point of this broker: where neither is set, each group of batches is synced before
 * {@code acks=all} is answered.
 */
public final class TopicConfig {
    private final Map<String, String> overrides;
    private final LogConfig values;

    private TopicConfig(Map<String, String> overrides, LogConfig values) {
        this.overrides = overrides;
        this.values = values;
    }

    /** @throws org.apache.kafka.common.config.ConfigException where a name or a value is not one */
    public static TopicConfig of(Map<String, String> overrides) {
        LogConfig.validate(overrides);
        return new TopicConfig(Map.copyOf(overrides), new LogConfig(overrides));
    }

    /** What was set for this topic. */
    public Map<String, String> overrides() {
        return overrides;
    }

    /** All values. */
    public LogConfig values() {
        return values;
    }

    /** How its logs are kept. */
    public RetainedOptions logOptions() {
        boolean limited = overrides.containsKey("flush.messages") || overrides.containsKey("flush.ms");
        long flushRecords = limited ? values.flushInterval : 0;
        long flushMs = limited ? values.flushMs : 0;
        return new RetainedOptions(values.segmentSize(), values.indexInterval, flushRecords, flushMs);
    }
}
