// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import io.relais.kafka.topic.TopicConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.jspecify.annotations.Nullable;

/** Configurations as DescribeConfigs shows them: value, where it comes from, what would hold without it, what it is for (KIP-226, KIP-569). */
public final class ConfigEntries {
    private final DynamicConfigs configs;

    public ConfigEntries(DynamicConfigs configs) {
        this.configs = configs;
    }

    /** All that hold for a topic. */
    List<DescribeConfigsResourceResult> ofTopic(TopicConfig config, boolean synonyms, boolean documentation) {
        List<DescribeConfigsResourceResult> entries = new ArrayList<>();
        for (String name : new TreeSet<>(LogConfig.nonInternalConfigNames())) {
            ConfigKey key = requireNonNull(LogConfig.configKeys().get(name));
            List<DescribeConfigsSynonym> sources = new ArrayList<>();
            add(sources, name, config.overrides().get(name), ConfigSource.TOPIC_CONFIG);
            String brokerName = BrokerConfigs.TOPIC_SYNONYMS.get(name);
            if (brokerName != null) {
                sources.addAll(brokerSources(brokerName));
            }
            String value = ConfigDef.convertToString(config.values().values().get(name), key.type);
            entries.add(entry(name, value, key, sources, synonyms, documentation, false));
        }
        return entries;
    }

    /** All that hold for this broker. */
    List<DescribeConfigsResourceResult> ofBroker(boolean synonyms, boolean documentation) {
        List<DescribeConfigsResourceResult> entries = new ArrayList<>();
        BrokerConfigs.definitions().forEach((name, key) -> entries.add(entry(name, configs.brokerValue(name), key,
                brokerSources(name), synonyms, documentation, !BrokerConfigs.isChangeable(name))));
        return entries;
    }

    /** What is set for all brokers. */
    List<DescribeConfigsResourceResult> ofAllBrokers(boolean synonyms, boolean documentation) {
        List<DescribeConfigsResourceResult> entries = new ArrayList<>();
        configs.ofAllBrokers().forEach((name, value) -> {
            ConfigKey key = BrokerConfigs.definitions().get(name);
            List<DescribeConfigsSynonym> sources = new ArrayList<>();
            add(sources, name, value, ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
            if (key != null) {
                entries.add(entry(name, value, key, sources, synonyms, documentation, false));
            }
        });
        return entries;
    }

    private List<DescribeConfigsSynonym> brokerSources(String name) {
        List<DescribeConfigsSynonym> sources = new ArrayList<>();
        add(sources, name, configs.ofThisBroker().get(name), ConfigSource.DYNAMIC_BROKER_CONFIG);
        add(sources, name, configs.ofAllBrokers().get(name), ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
        add(sources, name, configs.broker().atStart(name), ConfigSource.STATIC_BROKER_CONFIG);
        add(sources, name, BrokerConfigs.defaultOf(name), ConfigSource.DEFAULT_CONFIG);
        return sources;
    }

    /** All that hold for a group. */
    List<DescribeConfigsResourceResult> ofGroup(String group, boolean synonyms, boolean documentation) {
        Map<String, String> set = configs.ofGroup(group);
        List<DescribeConfigsResourceResult> entries = new ArrayList<>();
        for (String name : new TreeSet<>(GroupConfig.CONFIG_DEF.names())) {
            ConfigKey key = requireNonNull(GroupConfig.CONFIG_DEF.configKeys().get(name));
            List<DescribeConfigsSynonym> sources = new ArrayList<>();
            add(sources, name, set.get(name), ConfigSource.GROUP_CONFIG);
            String brokerName = GroupConfig.brokerSynonym(name).orElse(null);
            if (brokerName != null) {
                sources.addAll(brokerSources(brokerName));
            } else {
                add(sources, name, ConfigDef.convertToString(key.defaultValue, key.type), ConfigSource.DEFAULT_CONFIG);
            }
            String value = sources.isEmpty() ? null : sources.getFirst().value();
            entries.add(entry(name, value, key, sources, synonyms, documentation, false));
        }
        return entries;
    }

    /** All of a subscription of client metrics. */
    List<DescribeConfigsResourceResult> ofClientMetrics(String subscription, boolean synonyms, boolean documentation) {
        Map<String, String> set = configs.of(new ConfigResource(ConfigResource.Type.CLIENT_METRICS, subscription));
        List<DescribeConfigsResourceResult> entries = new ArrayList<>();
        ClientMetricsConfig.DEFINITION.configKeys().forEach((name, key) -> {
            List<DescribeConfigsSynonym> sources = new ArrayList<>();
            String value = set.get(name);
            add(sources, name, value, ConfigSource.CLIENT_METRICS_CONFIG);
            String shown = value == null ? ConfigDef.convertToString(key.defaultValue, key.type) : value;
            entries.add(entry(name, shown, key, sources, synonyms, documentation, false));
        });
        return entries;
    }

    private static void add(List<DescribeConfigsSynonym> sources, String name, @Nullable String value,
            ConfigSource source) {
        if (value != null) {
            sources.add(new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source.id()));
        }
    }

    private static DescribeConfigsResourceResult entry(String name, @Nullable String value, ConfigKey key,
            List<DescribeConfigsSynonym> sources, boolean synonyms, boolean documentation, boolean readOnly) {
        boolean sensitive = key.type == ConfigDef.Type.PASSWORD;
        return new DescribeConfigsResourceResult().setName(name).setValue(sensitive ? null : value)
                .setConfigSource(sources.isEmpty() ? ConfigSource.DEFAULT_CONFIG.id() : sources.getFirst().source())
                .setIsSensitive(sensitive).setReadOnly(readOnly).setSynonyms(synonyms ? sources : List.of())
                .setDocumentation(documentation ? key.documentation : null).setConfigType(type(key.type).id());
    }

    private static ConfigType type(ConfigDef.Type type) {
        return switch (type) {
            case BOOLEAN -> ConfigType.BOOLEAN;
            case STRING -> ConfigType.STRING;
            case INT -> ConfigType.INT;
            case SHORT -> ConfigType.SHORT;
            case LONG -> ConfigType.LONG;
            case DOUBLE -> ConfigType.DOUBLE;
            case LIST -> ConfigType.LIST;
            case CLASS -> ConfigType.CLASS;
            case PASSWORD -> ConfigType.PASSWORD;
        };
    }
}
