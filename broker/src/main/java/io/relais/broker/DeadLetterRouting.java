// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.relais.broker.exchange.Exchange;
import io.relais.broker.queue.MessageQueue;
import io.relais.broker.queue.Route;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what queues give up. A queue that the message died in before is left out, if no consumer rejected it since: such a message would go round for ever (RabbitMQ: "Dead Letter Exchanges", automatic cycles).
 *
 * <p>Thread: the owner.
 */
final class DeadLetterRouting {
    private final Topology topology;
    private final BrokerContext context;

    DeadLetterRouting(Topology topology, BrokerContext context) {
        this.topology = topology;
        this.context = context;
    }

    void publish(Message message) {
        Exchange exchange = topology.exchange(message.exchange());
        if (exchange == null) {
            return;
        }
        Map<String, @Nullable Object> headers = message.headers(context.codec());
        Route route = topology.router().route(exchange,
                CarbonCopies.routingKeys(message.routingKey(), headers), () -> headers);
        List<?> deaths = headers.get("x-death") instanceof List<?> list ? list : List.of();
        List<MessageQueue> queues = new ArrayList<>(route.size());
        for (int i = 0; i < route.size(); i++) {
            if (!isCycle(route.queue(i).name(), deaths)) {
                queues.add(route.queue(i));
            }
        }
        Route remaining = queues.size() == route.size() ? route : new Route(queues);
        remaining.publish(context.shard(), message);
    }

    /** Whether the way back to a queue, newest death first, has no rejection in it. */
    private static boolean isCycle(String queue, List<?> deaths) {
        for (Object one : deaths) {
            if (!(one instanceof Map<?, ?> death) || "rejected".equals(death.get("reason"))) {
                return false;
            }
            if (queue.equals(death.get("queue"))) {
                return true;
            }
        }
        return false;
    }
}
