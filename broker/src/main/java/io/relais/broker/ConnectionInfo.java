// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A client connection, for listings and log lines.
 *
 * @param protocol as {@code AMQP 0-9-1}
 * @param client   what the client says of itself
 */
public record ConnectionInfo(String protocol, String name, String remoteAddress, boolean loopback,
        Map<String, @Nullable Object> client) {}
