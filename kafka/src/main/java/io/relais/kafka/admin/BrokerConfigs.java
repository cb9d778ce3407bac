// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.apache.kafka.coordinator.transaction.TransactionStateManagerConfig;
import org.apache.kafka.server.config.ServerConfigs;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.CleanerConfig;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.jspecify.annotations.Nullable;

/**
 * The configurations of a broker that mean something here, by Kafka's names: those that the defaults of topics come from, which can be changed while it runs, and those that tell a client how the
 * broker was started. What has no effect is not among them, and cannot be set.
 */
public final class BrokerConfigs {
    /** Broker configuration by topic configuration. */
    static final Map<String, String> TOPIC_SYNONYMS = ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS;

    private static final Set<String> CHANGEABLE = Set.copyOf(TOPIC_SYNONYMS.values());
    private static final Map<String, ConfigKey> KEYS = keys();

    private final Map<String, String> atStart;

    /** @param atStart what this broker was started with */
    public BrokerConfigs(Map<String, String> atStart) {
        this.atStart = Map.copyOf(atStart);
    }

    private static Map<String, ConfigKey> keys() {
        ConfigDef own = new ConfigDef()
                .define("node.id", Type.INT, 1, Importance.HIGH, "The id of this broker in answers.")
                .define("listeners", Type.LIST, List.of(), Importance.HIGH, "Where the Kafka protocol is spoken.")
                .define("advertised.listeners", Type.LIST, List.of(), Importance.HIGH,
                        "Where clients are told to connect; a listener that is not among them tells each client the address it came by.")
                .define("default.replication.factor", Type.INT, 1, Importance.MEDIUM, "There is one node.")
                .define("socket.request.max.bytes", Type.INT, 100 << 20, Importance.HIGH,
                        "The longest request that is taken.");
        Map<String, ConfigKey> all = new HashMap<>(own.configKeys());
        List<ConfigDef> definitions = List.of(LogConfig.SERVER_CONFIG_DEF, ServerConfigs.CONFIG_DEF,
                CleanerConfig.CONFIG_DEF, GroupCoordinatorConfig.CONFIG_DEF, ShareGroupConfig.CONFIG_DEF,
                TransactionStateManagerConfig.CONFIG_DEF, BrokerSecurityConfigs.CONFIG_DEF);
        definitions.forEach(definition -> definition.configKeys().forEach(all::putIfAbsent));
        Set<String> meant = new TreeSet<>(own.names());
        meant.addAll(CHANGEABLE);
        meant.addAll(List.of("broker.id", "log.dirs", "log.retention.hours", "log.retention.minutes",
                "log.roll.hours",
                "auto.create.topics.enable", "num.partitions", "delete.topic.enable",
                "sasl.enabled.mechanisms", "connections.max.reauth.ms", "sasl.server.max.receive.size",
                "connection.failed.authentication.delay.ms", "transaction.max.timeout.ms",
                "transactional.id.expiration.ms"));
        meant.addAll(GroupCoordinatorConfig.CONFIG_DEF.names());
        meant.addAll(ShareGroupConfig.CONFIG_DEF.names());
        all.keySet().retainAll(meant);
        return Collections.unmodifiableMap(new TreeMap<>(all));
    }

    /** All of them, by name. */
    static Map<String, ConfigKey> definitions() {
        return KEYS;
    }

    static boolean isChangeable(String name) {
        return CHANGEABLE.contains(name);
    }

    /** What the broker was started with; null where nobody said. */
    @Nullable
    String atStart(String name) {
        return atStart.get(name);
    }

    /** All that it was started with. */
    Map<String, String> atStart() {
        return atStart;
    }

    static @Nullable String defaultOf(String name) {
        ConfigKey key = KEYS.get(name);
        String topicName = topicName(name);
        if (topicName != null) { // the broker's own default is often null: another key of lower precedence has it
            ConfigKey topicKey = LogConfig.configKeys().get(topicName);
            return topicKey == null ? null : ConfigDef.convertToString(topicKey.defaultValue, topicKey.type);
        }
        return key == null || !key.hasDefault() ? null : ConfigDef.convertToString(key.defaultValue, key.type);
    }

    static @Nullable String topicName(String name) {
        return TOPIC_SYNONYMS.entrySet().stream().filter(entry -> entry.getValue().equals(name)).map(Map.Entry::getKey)
                .findFirst().orElse(null);
    }

    /** @throws org.apache.kafka.common.errors.ApiException where it cannot be changed, or not to that */
    static void check(Map<String, String> values) {
        List<String> fixed = new ArrayList<>();
        values.keySet().stream().filter(name -> !isChangeable(name)).sorted().forEach(fixed::add);
        if (!fixed.isEmpty()) {
            throw new InvalidRequestException("Cannot update these configs dynamically: " + fixed);
        }
        try {
            LogConfig.validateValues(LogConfig.configDefCopy().parse(topicDefaults(values)));
        } catch (ConfigException e) {
            throw new InvalidRequestException(e.getMessage());
        }
    }

    /** The same, by the names of topic configurations. */
    static Map<String, String> topicDefaults(Map<String, String> values) {
        Map<String, String> defaults = new HashMap<>();
        TOPIC_SYNONYMS.forEach((topic, broker) -> {
            String value = values.get(broker);
            if (value != null) {
                defaults.put(topic, value);
            }
        });
        return defaults;
    }
}
