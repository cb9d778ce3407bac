// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka;

/**
 * What is configured of the Kafka front end.
 *
 * @param nodeId          the broker's id in answers
 * @param requestMaxBytes the longest request that is taken ({@code socket.request.max.bytes})
 * @param partitions      of topics that are created on first use ({@code num.partitions})
 * @param autoCreate      whether topics are created on first use ({@code auto.create.topics.enable})
 */
public record KafkaSettings(int nodeId, int requestMaxBytes, int partitions, boolean autoCreate) {
    public static final KafkaSettings DEFAULT = new KafkaSettings(1, 100 << 20, 1, true);
}
