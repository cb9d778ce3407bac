// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.netty.channel.Channel;
import io.relais.kafka.KafkaListener;
import io.relais.kafka.wire.Connection;

/** The clients of all open connections. Thread: the owner. Bounds: one entry for each connection. */
public final class Clients {
    private final int requestMaxBytes;
    private final Map<Connection, Client> byConnection = new HashMap<>();

    /** @param requestMaxBytes how long the requests of those who authenticated may be */
    public Clients(int requestMaxBytes) {
        this.requestMaxBytes = requestMaxBytes;
    }

    /** A connection was opened. */
    public Client opened(Connection connection, KafkaListener listener, Channel channel) {
        Client client = new Client(listener, channel);
        if (listener.authenticates()) {
            connection.requestMaxBytes(Math.min(requestMaxBytes, Sasl.TOKEN_MAX_BYTES));
        }
        byConnection.put(connection, client);
        return client;
    }

    /** It may send requests of any size now. */
    void authenticated(Connection connection) {
        connection.requestMaxBytes(requestMaxBytes);
    }

    public void closed(Connection connection) {
        byConnection.remove(connection);
    }

    /** Who is at the other end of an open connection. */
    public Client of(Connection connection) {
        Client client = byConnection.get(connection);
        if (client == null) {
            throw new IllegalStateException("this connection is closed");
        }
        return client;
    }

    /** All connections that are open now. */
    public Collection<Connection> connections() {
        return List.copyOf(byConnection.keySet());
    }
}
