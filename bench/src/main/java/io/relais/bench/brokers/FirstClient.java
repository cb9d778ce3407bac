// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.brokers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;

/** The client that start time is measured by: connects, declares a durable queue, publishes a persistent message, gets it back. */
final class FirstClient {
    private static final String QUEUE = "relais-bench-first";
    private static final int CONNECT_TIMEOUT_MS = 1_000;
    private static final int ANSWER_TIMEOUT_MS = 10_000;

    private final Endpoint endpoint;
    private final ConnectionFactory factory;

    FirstClient(Endpoint endpoint) {
        this.endpoint = endpoint;
        this.factory = endpoint.connectionFactory();
        factory.setConnectionTimeout(CONNECT_TIMEOUT_MS);
        factory.setHandshakeTimeout(ANSWER_TIMEOUT_MS);
        factory.setChannelRpcTimeout(ANSWER_TIMEOUT_MS);
    }

    /** One attempt. @return false while the broker does not let clients in yet */
    boolean served() {
        if (!listens()) {
            return false;
        }
        try (Connection connection = factory.newConnection(); Channel channel = connection.createChannel()) {
            channel.queueDeclare(QUEUE, true, false, false, null);
            channel.basicPublish("", QUEUE, MessageProperties.PERSISTENT_BASIC,
                    "first".getBytes(StandardCharsets.UTF_8));
            while (channel.basicGet(QUEUE, true) == null) {
                Thread.onSpinWait();
            }
            channel.queueDelete(QUEUE);
            return true;
        } catch (IOException | TimeoutException notYet) {
            return false;
        }
    }

    /** A bare connect costs little, so it may be tried often. */
    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), CONNECT_TIMEOUT_MS);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
