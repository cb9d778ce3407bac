// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;

/**
 * The configuration of share groups: the broker's ({@code group.share.*}), and each group's own ({@code share.*}, {@code errors.deadletterqueue.*}) where it is set and within what the broker
 * allows.
 *
 * <p>Thread: the owner. Memory: one small value for each group that was configured and is consumed from.
 */
final class ShareConfig {
    private final GroupCoordinatorConfig coordinator;
    private final ShareGroupConfig broker;
    private final GroupConfigs groups;
    private final Map<String, Parsed> parsed = new HashMap<>();

    /** One group's configuration, and what it was made from. */
    private record Parsed(Map<String, String> source, GroupConfig config) {
        @SuppressWarnings("ReferenceEquality") // asked for each request: the map is another one where it changed
        boolean isOf(Map<String, String> now) {
            return source == now;
        }
    }

    ShareConfig(GroupCoordinatorConfig coordinator, ShareGroupConfig broker, GroupConfigs groups) {
        this.coordinator = coordinator;
        this.broker = broker;
        this.groups = groups;
    }

    private GroupConfig group(String groupId) {
        Map<String, String> source = groups.of(groupId);
        Parsed known = parsed.get(groupId);
        if (known != null && known.isOf(source)) {
            return known.config();
        }
        Properties properties = new Properties();
        properties.putAll(source);
        GroupConfig config = new GroupConfig(GroupConfig.evaluate(properties, groupId, coordinator, broker));
        parsed.put(groupId, new Parsed(source, config));
        return config;
    }

    /** Nobody consumes in a group any more. */
    void forget(String groupId) {
        parsed.remove(groupId);
    }

    ShareLimits limits(String groupId) {
        GroupConfig group = group(groupId);
        return new ShareLimits(group.sharePartitionMaxRecordLocks().orElse(broker.shareGroupPartitionMaxRecordLocks()),
                group.shareDeliveryCountLimit().orElse(broker.shareGroupDeliveryCountLimit()),
                group.shareRecordLockDurationMs().orElse(broker.shareGroupRecordLockDurationMs()),
                group.shareRenewAcknowledgeEnable().orElse(GroupConfig.SHARE_RENEW_ACKNOWLEDGE_ENABLE_DEFAULT),
                !group.errorsDLQTopicName().isEmpty());
    }

    boolean readsCommitted(String groupId) {
        return group(groupId).shareIsolationLevel()
                .orElse(GroupConfig.defaultShareIsolationLevel()) == IsolationLevel.READ_COMMITTED;
    }

    /** Where a group begins: {@code earliest}, {@code latest}, {@code by_duration:pt1h}. */
    String autoOffsetReset(String groupId) {
        String set = group(groupId).getString(GroupConfig.SHARE_AUTO_OFFSET_RESET_CONFIG);
        return (set == null ? GroupConfig.SHARE_AUTO_OFFSET_RESET_DEFAULT : set).toLowerCase(Locale.ROOT);
    }

    /** The topic for records that nobody can process; empty where there is none. */
    String deadLetterTopic(String groupId) {
        return group(groupId).errorsDLQTopicName();
    }

    /** Whether key, value and headers of a record go with it to the dead-letter queue; else only what is known about it. */
    boolean copiesDeadLetters(String groupId) {
        return group(groupId).errorsDLQCopyRecordEnable();
    }

    boolean createsDeadLetterTopics() {
        return coordinator.errorsDLQAutoCreateTopicsEnable();
    }

    String deadLetterTopicPrefix() {
        return coordinator.errorsDLQTopicNamePrefix();
    }

    int sessionsMax() {
        return broker.shareGroupMaxShareSessions();
    }
}
