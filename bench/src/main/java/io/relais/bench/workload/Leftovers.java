// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.workload;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.relais.bench.brokers.Endpoint;

/** What a workload declares and does not delete by itself. */
record Leftovers(List<String> queues, List<String> exchanges) {
    static final Leftovers NONE = new Leftovers(List.of(), List.of());

    static Leftovers queue(String name) {
        return new Leftovers(List.of(name), List.of());
    }

    /** Deleting what is not there is no error (RabbitMQ: "Specification differences"). */
    void delete(Endpoint endpoint) throws IOException {
        if (queues.isEmpty() && exchanges.isEmpty()) {
            return;
        }
        try (Connection connection = endpoint.connectionFactory().newConnection();
                Channel channel = connection.createChannel()) {
            for (String queue : queues) {
                channel.queueDelete(queue);
            }
            for (String exchange : exchanges) {
                channel.exchangeDelete(exchange);
            }
        } catch (TimeoutException e) {
            throw new IOException("deleting what the load left", e);
        }
    }
}
