// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

import io.relais.kafka.metadata.RecordMap;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.Topics;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.jspecify.annotations.Nullable;

/**
 * What was configured while the broker ran (KIP-226): of topics, of the broker, of groups, of client metrics. Kept in the metadata; in effect at once.
 *
 * <p>Thread: the owner.
 */
public final class DynamicConfigs {
    private final RecordMap<ConfigRecord> records;
    private final Topics topics;
    private final BrokerConfigs broker;
    private final int nodeId;
    private final List<BiConsumer<String, Map<String, String>>> groupListeners = new ArrayList<>();

    /** @param records below {@code /kafka/configs/}, by kind and name */
    public DynamicConfigs(RecordMap<ConfigRecord> records, Topics topics, BrokerConfigs broker, int nodeId) {
        this.records = records;
        this.topics = topics;
        this.broker = broker;
        this.nodeId = nodeId;
        applyTopicDefaults();
    }

    /** What is set of a group; empty where nothing is. */
    public Map<String, String> ofGroup(String group) {
        return of(new ConfigResource(ConfigResource.Type.GROUP, group));
    }

    /** Tells of every group that has a configuration, now, and of each change; the whole configuration each time. */
    public void onGroupChange(BiConsumer<String, Map<String, String>> listener) {
        groupListeners.add(listener);
        names(ConfigResource.Type.GROUP).forEach(group -> listener.accept(group, ofGroup(group)));
    }

    BrokerConfigs broker() {
        return broker;
    }

    /** What is set of a resource; empty where nothing is. */
    Map<String, String> of(ConfigResource resource) {
        if (resource.type() == ConfigResource.Type.TOPIC) {
            Topic topic = topics.byName(resource.name());
            return topic == null ? Map.of() : topic.config().overrides();
        }
        ConfigRecord record = records.get(key(resource));
        return record == null ? Map.of() : record.values();
    }

    /** The names of all resources of a kind that have something set, but for topics. */
    List<String> names(ConfigResource.Type type) {
        String prefix = type.name() + ":";
        return records.all().keySet().stream().filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length())).toList();
    }

    private static String key(ConfigResource resource) {
        return resource.type().name() + ":" + resource.name();
    }

    /** How the values of a kind of resource are read. */
    static Map<String, ConfigKey> definitions(ConfigResource.Type type) {
        return switch (type) {
            case TOPIC -> LogConfig.configKeys();
            case BROKER -> BrokerConfigs.definitions();
            case GROUP -> GroupConfig.CONFIG_DEF.configKeys();
            case CLIENT_METRICS -> ClientMetricsConfig.DEFINITION.configKeys();
            case BROKER_LOGGER, UNKNOWN -> Map.of();
        };
    }

    static boolean isList(ConfigResource.Type type, String name) {
        return Optional.ofNullable(definitions(type).get(name)).map(key -> key.type == ConfigDef.Type.LIST)
                .orElse(false);
    }

    /**
     * Whether a resource may be configured so.
     *
     * @throws org.apache.kafka.common.errors.ApiException or {@link ConfigException} where it may not
     */
    void check(ConfigResource resource, Map<String, String> values) {
        switch (resource.type()) {
            case TOPIC -> {
                if (resource.name().isEmpty()) {
                    throw new InvalidRequestException("Default topic resources are not allowed.");
                }
                org.apache.kafka.common.internals.Topic.validate(resource.name());
                ConfigValues.checkSizes(values);
                topics.configOf(values);
                if (topics.byName(resource.name()) == null) {
                    throw Errors.UNKNOWN_TOPIC_OR_PARTITION
                            .exception("The topic '" + resource.name() + "' does not exist.");
                }
            }
            case BROKER -> {
                checkNode(resource.name());
                ConfigValues.checkSizes(values);
                BrokerConfigs.check(values);
            }
            case GROUP -> {
                if (resource.name().isEmpty()) {
                    throw new InvalidRequestException("Default group resources are not allowed.");
                }
                ConfigValues.checkSizes(values);
                GroupConfig.validate(values, GroupCoordinatorConfig.fromProps(broker.atStart()),
                        ShareGroupConfig.fromProps(broker.atStart()));
            }
            case CLIENT_METRICS -> {
                ConfigValues.checkSizes(values);
                ClientMetricsConfig.check(resource.name(), values);
            }
            case BROKER_LOGGER, UNKNOWN ->
                throw new InvalidRequestException("Unknown resource type " + resource.type());
        }
    }

    private void checkNode(String name) {
        if (!name.isEmpty() && node(name) != nodeId) {
            throw new InvalidRequestException("Unexpected broker id, expected " + nodeId + ", but received " + name);
        }
    }

    static int node(String name) {
        try {
            return Integer.parseInt(name);
        } catch (NumberFormatException _) {
            throw new InvalidRequestException("Node id must be an integer, but it is: " + name);
        }
    }

    /** Configures a resource: all of it. The values are checked. */
    void put(ConfigResource resource, Map<String, String> values) {
        if (resource.type() == ConfigResource.Type.TOPIC) {
            Topic topic = topics.byName(resource.name());
            if (topic != null && !topic.config().overrides().equals(values)) {
                topics.configure(topic, topics.configOf(values));
            }
            return;
        }
        if (values.isEmpty()) {
            records.remove(key(resource));
        } else {
            records.put(key(resource), new ConfigRecord(Map.copyOf(values)));
        }
        if (resource.type() == ConfigResource.Type.BROKER) {
            applyTopicDefaults();
        } else if (resource.type() == ConfigResource.Type.GROUP) {
            groupListeners.forEach(listener -> listener.accept(resource.name(), Map.copyOf(values)));
        }
    }

    private void applyTopicDefaults() {
        Map<String, String> values = new HashMap<>(broker.atStart());
        values.putAll(ofAllBrokers());
        values.putAll(ofThisBroker());
        topics.defaults(BrokerConfigs.topicDefaults(values));
    }

    Map<String, String> ofAllBrokers() {
        return of(new ConfigResource(ConfigResource.Type.BROKER, ""));
    }

    Map<String, String> ofThisBroker() {
        return of(new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(nodeId)));
    }

    /** The value of a configuration of the broker that holds now; null where there is none. */
    @Nullable
    String brokerValue(String name) {
        String value = ofThisBroker().get(name);
        value = value == null ? ofAllBrokers().get(name) : value;
        value = value == null ? broker.atStart(name) : value;
        return value == null ? BrokerConfigs.defaultOf(name) : value;
    }
}
