// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/** What a client says of itself in connection.start-ok. */
record ClientProperties(Map<String, @Nullable Object> fields) {
    static final String AUTHENTICATION_FAILURE_CLOSE = "authentication_failure_close";
    static final String CONNECTION_BLOCKED = "connection.blocked";
    static final String CONSUMER_CANCEL_NOTIFY = "consumer_cancel_notify";

    static final ClientProperties NONE = new ClientProperties(Map.of());

    /** Whether the client announced a capability (RabbitMQ: protocol extensions, "Capabilities"). */
    boolean can(String capability) {
        return fields.get("capabilities") instanceof Map<?, ?> capabilities
                && Boolean.TRUE.equals(capabilities.get(capability));
    }
}
