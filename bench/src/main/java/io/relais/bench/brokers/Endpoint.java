// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.brokers;

import java.util.Locale;

import com.rabbitmq.client.ConnectionFactory;

/** Where and as whom a client connects; the virtual host is {@code /}. */
public record Endpoint(String host, int port, String user, String password) {

    /** Reads {@code HOST:PORT} and {@code USER:PASSWORD}. @throws IllegalArgumentException if either is not of that form */
    public static Endpoint parse(String address, String login) {
        int colon = address.lastIndexOf(':');
        int split = login.indexOf(':');
        if (colon < 1 || split < 1) {
            throw new IllegalArgumentException(
                    "'%s' as '%s': wanted HOST:PORT and USER:PASSWORD".formatted(address, login));
        }
        return new Endpoint(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)),
                login.substring(0, split), login.substring(split + 1));
    }

    static Endpoint local(int port) {
        return new Endpoint("127.0.0.1", port, "guest", "guest");
    }

    public String uri() {
        return String.format(Locale.ROOT, "amqp://%s:%s@%s:%d", user, password, host, port);
    }

    /** A factory without recovery and heartbeats: neither belongs into a measurement. */
    public ConnectionFactory connectionFactory() {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(host);
        factory.setPort(port);
        factory.setUsername(user);
        factory.setPassword(password);
        factory.setAutomaticRecoveryEnabled(false);
        factory.setRequestedHeartbeat(0);
        return factory;
    }
}
