// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A connection as it stands, for listings.
 *
 * @param name             {@code client -> server}
 * @param user             empty before connection.open
 * @param vhost            empty before connection.open
 * @param clientProperties what the client says of itself; {@code connection_name} is the name its program gave it
 * @param state            RabbitMQ's words: starting, tuning, opening, running, blocked, closing
 * @param openedMs         when it connected, milliseconds since the epoch
 * @param heartbeatSeconds 0 for none
 */
public record ConnectionSummary(String name, String user, String vhost, String peerAddress,
        Map<String, @Nullable Object> clientProperties, int channelCount, String state, long openedMs,
        int frameMaxBytes, int heartbeatSeconds) {}
