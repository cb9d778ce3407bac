// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.relais.kafka.security.SaslSettings;

/**
 * What is configured of the Kafka front end.
 *
 * @param nodeId          the broker's id in answers
 * @param requestMaxBytes the longest request that is taken ({@code socket.request.max.bytes})
 * @param partitions      of topics that are created on first use ({@code num.partitions})
 * @param autoCreate      whether topics are created on first use ({@code auto.create.topics.enable})
 * @param dataFolder      where the logs are, as clients are told in DescribeLogDirs
 * @param strictAcls      whether nobody but administrators may do anything with a resource that no access control list is about
 * @param sasl            how clients authenticate
 * @param listeners       where the protocol is spoken, as {@code NAME://HOST:PORT}, for clients that ask
 * @param properties      of Kafka's own broker configuration, by Kafka's names: those that {@link BrokerProperties} knows
 */
public record KafkaSettings(int nodeId, int requestMaxBytes, int partitions, boolean autoCreate, String dataFolder,
        boolean strictAcls, SaslSettings sasl, List<String> listeners,
        Map<String, String> properties) {
    public static final KafkaSettings DEFAULT = new KafkaSettings(1, 100 << 20, 1, true, "data", false,
            SaslSettings.DEFAULT, List.of(), Map.of());

    public KafkaSettings {
        listeners = List.copyOf(listeners);
        properties = BrokerProperties.checked(properties);
    }

    public KafkaSettings withPartitions(int changed) {
        return new KafkaSettings(nodeId, requestMaxBytes, changed, autoCreate, dataFolder, strictAcls, sasl, listeners,
                properties);
    }

    public KafkaSettings withAutoCreate(boolean changed) {
        return new KafkaSettings(nodeId, requestMaxBytes, partitions, changed, dataFolder, strictAcls, sasl, listeners,
                properties);
    }

    public KafkaSettings withStrictAcls(boolean changed) {
        return new KafkaSettings(nodeId, requestMaxBytes, partitions, autoCreate, dataFolder, changed, sasl, listeners,
                properties);
    }

    public KafkaSettings withSasl(SaslSettings changed) {
        return new KafkaSettings(nodeId, requestMaxBytes, partitions, autoCreate, dataFolder, strictAcls, changed,
                listeners, properties);
    }

    public KafkaSettings withProperties(Map<String, String> changed) {
        return new KafkaSettings(nodeId, requestMaxBytes, partitions, autoCreate, dataFolder, strictAcls, sasl,
                listeners, changed);
    }

    /** The same by Kafka's names. */
    Map<String, String> configs() {
        Map<String, String> configs = new HashMap<>();
        configs.put("node.id", Integer.toString(nodeId));
        configs.put("broker.id", Integer.toString(nodeId));
        configs.put("socket.request.max.bytes", Integer.toString(requestMaxBytes));
        configs.put("num.partitions", Integer.toString(partitions));
        configs.put("auto.create.topics.enable", Boolean.toString(autoCreate));
        configs.put("log.dirs", dataFolder);
        configs.put("listeners", String.join(",", listeners));
        configs.put("sasl.enabled.mechanisms", String.join(",", SaslSettings.MECHANISMS));
        configs.put("connections.max.reauth.ms", Long.toString(sasl.sessionMs()));
        configs.put("connection.failed.authentication.delay.ms", Long.toString(sasl.failureDelayMs()));
        configs.putAll(properties);
        return configs;
    }
}
