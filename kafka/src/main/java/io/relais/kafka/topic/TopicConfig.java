// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.topic;

import java.util.Map;
import java.util.Properties;

import io.relais.log.RetainedOptions;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * The configuration of a topic: what was set, and all values as Kafka names and defaults them. Immutable.
 *
 * <p>{@code flush.messages} and {@code flush.ms} are Kafka's, with a difference that is the point of this broker: where neither is set, each group of batches is synced before
 * {@code acks=all} is answered.
 */
public final class TopicConfig {
    /** What holds where nothing is configured; never empty, since Kafka's library checks less on top of nothing. */
    static final Map<String, String> DEFAULTS = Map.of("retention.ms", Long.toString(LogConfig.DEFAULT_RETENTION_MS));

    private final Map<String, String> overrides;
    private final boolean flushes;
    private final LogConfig values;

    private TopicConfig(Map<String, String> overrides, boolean flushes, LogConfig values) {
        this.overrides = overrides;
        this.flushes = flushes;
        this.values = values;
    }

    /** @throws org.apache.kafka.common.errors.ApiException or {@link org.apache.kafka.common.config.ConfigException} where a name or a value is not one */
    public static TopicConfig of(Map<String, String> overrides) {
        return of(overrides, DEFAULTS);
    }

    /**
     * A configuration on top of what is configured for all topics.
     *
     * @param defaults by the names of topic configurations; checked already
     * @throws org.apache.kafka.common.errors.ApiException or {@link org.apache.kafka.common.config.ConfigException} where a name or a value is not one
     */
    public static TopicConfig of(Map<String, String> overrides, Map<String, String> defaults) {
        LogConfig.validate(Map.of(), overrides, defaults, false);
        return restored(overrides, defaults);
    }

    /** As {@link #of}, for what was checked when it was set. */
    static TopicConfig restored(Map<String, String> overrides, Map<String, String> defaults) {
        Properties properties = new Properties();
        properties.putAll(overrides);
        return new TopicConfig(Map.copyOf(overrides), flushes(overrides) || flushes(defaults),
                LogConfig.fromProps(defaults, properties));
    }

    private static boolean flushes(Map<String, String> set) {
        return set.containsKey("flush.messages") || set.containsKey("flush.ms");
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
        long flushRecords = flushes ? values.flushInterval : 0;
        long flushMs = flushes ? values.flushMs : 0;
        return new RetainedOptions(values.segmentSize(), values.indexInterval, flushRecords, flushMs);
    }
}
