// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.relais.amqp.codec.Frame;

/**
 * What the AMQP front end offers and how long it waits.
 *
 * @param heartbeatSeconds   suggested to clients; 0 suggests none. A client's answer is what counts
 * @param frameMaxBytes      largest frame taken and sent, overhead included; at least 4,096
 * @param channelMax         most channels of one connection, 1 to 65,535
 * @param handshakeTimeoutMs how long a client may take from connecting to connection.open
 * @param clusterName        shown to clients as cluster_name
 */
public record AmqpSettings(int heartbeatSeconds, int frameMaxBytes, int channelMax, long handshakeTimeoutMs,
        String clusterName) {

    /** RabbitMQ's values. */
    public static final AmqpSettings DEFAULT = new AmqpSettings(60, 131_072, 2_047, 10_000, "relais");

    public AmqpSettings {
        require(heartbeatSeconds >= 0 && heartbeatSeconds <= 65_535, "heartbeat is not in 0 to 65,535 s");
        require(frameMaxBytes >= Frame.FRAME_MIN_SIZE, "frame-max is less than 4,096 bytes");
        require(channelMax >= 1 && channelMax <= 65_535, "channel-max is not in 1 to 65,535");
        require(handshakeTimeoutMs > 0, "handshake timeout is not positive");
    }

    private static void require(boolean condition, String text) {
        if (!condition) {
            throw new IllegalArgumentException(text);
        }
    }
}
