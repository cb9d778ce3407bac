// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;

/**
 * What is configured of groups, in the names of Kafka's broker configuration ({@code group.*}, {@code offsets.*}).
 *
 * <p>What differs from Kafka's defaults, because one node serves all:
 * <ul>
 * <li>{@code offsets.topic.num.partitions} is 1, not 50: one coordinator with one thread serves all, and what it collects for one partition is one append and one sync. Measured with 100 commits
 * of 100 groups in flight on two cores: 37,000 commits/s with 1 partition, 7,700 with 4, 5,500 with 50; and the coordinator keeps 512 KiB of buffer for each partition that was written to. The
 * number is read when the topic is created; afterwards the topic's own holds.
 * <li>{@code group.initial.rebalance.delay.ms} and {@code group.streams.initial.rebalance.delay.ms} are 0: a first member gets its partitions at once.
 * <li>One thread, and one for assignments and regular expressions that is started when there is something to do.
 * </ul>
 */
public final class GroupSettings {
    private static final Map<String, String> DIFFERENT = Map.of(
            GroupCoordinatorConfig.OFFSETS_TOPIC_PARTITIONS_CONFIG, "1",
            GroupCoordinatorConfig.OFFSETS_TOPIC_REPLICATION_FACTOR_CONFIG, "1",
            GroupCoordinatorConfig.GROUP_INITIAL_REBALANCE_DELAY_MS_CONFIG, "0",
            GroupCoordinatorConfig.STREAMS_GROUP_INITIAL_REBALANCE_DELAY_MS_CONFIG, "0",
            GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_THREADS_CONFIG, "1",
            GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_BACKGROUND_THREADS_CONFIG, "1");

    /** As the class says. */
    public static final GroupSettings DEFAULT = of(Map.of());

    private final Map<String, String> values;

    private GroupSettings(Map<String, String> values) {
        this.values = values;
    }

    /** @param overrides by Kafka's names; others are passed over */
    public static GroupSettings of(Map<String, String> overrides) {
        Map<String, String> values = new HashMap<>(DIFFERENT);
        values.putAll(overrides);
        return new GroupSettings(Map.copyOf(values));
    }

    /** @throws org.apache.kafka.common.config.ConfigException where a value is not one */
    public GroupCoordinatorConfig coordinator() {
        return GroupCoordinatorConfig.fromProps(values);
    }

    /** @throws org.apache.kafka.common.config.ConfigException where a value is not one */
    public ShareGroupConfig share() {
        return ShareGroupConfig.fromProps(values);
    }

    int offsetsPartitions() {
        return coordinator().offsetsTopicPartitions();
    }

    /** What differs from Kafka's defaults, by Kafka's names. */
    public Map<String, String> values() {
        return values;
    }
}
