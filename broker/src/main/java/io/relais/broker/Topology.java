// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

import io.relais.broker.exchange.Binding;
import io.relais.broker.exchange.BoundQueue;
import io.relais.broker.exchange.DefaultExchange;
import io.relais.broker.exchange.Destination;
import io.relais.broker.exchange.Exchange;
import io.relais.broker.exchange.Router;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges, queues and bindings of a virtual host, and what follows from a change of them: bindings go with either of their ends, an auto-delete exchange with its last binding.
 * Whether a change is allowed is decided before.
 *
 * <p>Thread: the owner. A change costs what it changes, not what there is.
 */
final class Topology implements Router.Names {
    private final String vhost;
    private final Map<String, Exchange> exchanges = new HashMap<>();
    private final Map<String, QueueEntry> queues = new HashMap<>();
    private final Router router = new Router(this);

    Topology(String vhost) {
        this.vhost = vhost;
        predeclare(new DefaultExchange());
        predeclare("amq.direct", Exchange.Type.DIRECT, false);
        predeclare("amq.fanout", Exchange.Type.FANOUT, false);
        predeclare("amq.topic", Exchange.Type.TOPIC, false);
        predeclare("amq.headers", Exchange.Type.HEADERS, false);
        predeclare("amq.match", Exchange.Type.HEADERS, false);
        predeclare("amq.rabbitmq.trace", Exchange.Type.TOPIC, true);
    }

    private void predeclare(String name, Exchange.Type type, boolean internal) {
        predeclare(Exchange.create(new Exchange.Traits(name, type, true, false, internal, Arguments.NONE)));
    }

    private void predeclare(Exchange exchange) {
        exchanges.put(exchange.name(), exchange);
    }

    /** Whether every virtual host has this exchange, so that it is not stored. */
    static boolean isPredeclared(String name) {
        return name.isEmpty() || name.startsWith("amq.");
    }

    Router router() {
        return router;
    }

    @Override
    public @Nullable Exchange exchange(String name) {
        return exchanges.get(name);
    }

    @Override
    public @Nullable QueueEntry queue(String name) {
        return queues.get(name);
    }

    Collection<Exchange> exchanges() {
        return Collections.unmodifiableCollection(exchanges.values());
    }

    Collection<QueueEntry> queues() {
        return Collections.unmodifiableCollection(queues.values());
    }

    /** Adds what the metadata hold already. */
    void restore(Exchange exchange) {
        exchanges.put(exchange.name(), exchange);
        router.changed();
    }

    /** Adds what the metadata hold already. */
    void restore(QueueEntry queue) {
        queues.put(queue.name(), queue);
        router.queueChanged();
    }

    /** Adds what the metadata hold already. Returns false where it is there. */
    boolean restore(Binding binding) {
        boolean added = binding.source().add(binding);
        router.changed();
        return added;
    }

    void add(Exchange exchange, Changes changes) {
        restore(exchange);
        if (exchange.durable()) {
            changes.put(MetadataKeys.exchange(vhost, exchange.name()),
                    MetadataRecords.exchange(vhost, exchange.traits()));
        }
    }

    void add(QueueEntry queue, Changes changes) {
        restore(queue);
        if (queue.durable()) {
            changes.put(MetadataKeys.queue(vhost, queue.name()), MetadataRecords.queue(
                    new MetadataRecords.StoredQueue(vhost, queue.name(), queue.autoDelete(), queue.arguments(),
                            queue.logNumber())));
        }
    }

    /** Adds a binding; nothing happens where it is there. */
    void add(Binding binding, Changes changes) {
        if (restore(binding) && binding.durable()) {
            changes.put(MetadataKeys.binding(vhost, binding), MetadataRecords.binding(vhost, binding));
        }
    }

    /** Removes a binding, and its source where that was its last and it is auto-delete; nothing happens where it is not there. */
    void remove(Binding binding, Changes changes) {
        Exchange source = binding.source();
        if (!source.remove(binding)) {
            return;
        }
        if (binding.durable()) {
            changes.delete(MetadataKeys.binding(vhost, binding));
        }
        router.changed();
        if (source.traits().autoDelete() && source.isUnused() && exchanges.get(source.name()) == source) {
            remove(source, changes);
        }
    }

    void remove(Exchange exchange, Changes changes) {
        exchanges.remove(exchange.name());
        if (exchange.durable()) {
            changes.delete(MetadataKeys.exchange(vhost, exchange.name()));
        }
        exchange.outgoing().forEach(binding -> remove(binding, changes));
        removeIncoming(exchange, changes);
        router.changed();
    }

    /** Takes a queue out; what it holds is deleted by the caller. */
    void remove(QueueEntry queue, Changes changes) {
        queues.remove(queue.name());
        if (queue.durable()) {
            changes.delete(MetadataKeys.queue(vhost, queue.name()));
        }
        boolean bound = removeIncoming(queue, changes);
        if (!bound) {
            router.queueChanged();
        }
    }

    private boolean removeIncoming(Destination destination, Changes changes) {
        var incoming = destination.incoming();
        incoming.forEach(binding -> remove(binding, changes));
        return !incoming.isEmpty();
    }

    /** A binding between two ends by their names, for looking it up or adding it; null where an end is missing. */
    @Nullable
    Binding binding(String source, boolean toQueue, String destination, String routingKey, Arguments arguments) {
        Exchange from = exchanges.get(source);
        Destination to = toQueue ? (BoundQueue) queues.get(destination) : exchanges.get(destination);
        return from == null || to == null ? null : new Binding(from, to, routingKey, arguments);
    }
}
