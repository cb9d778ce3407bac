// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.LinkedHashSet;
import java.util.Set;

import io.relais.broker.exchange.Exchange;
import io.relais.broker.queue.MessageQueue;
import io.relais.broker.queue.QueueHost;
import io.relais.broker.runtime.Owner;
import io.relais.broker.store.Shard;

/**
 * A virtual host: its topology, the sessions in it, and what its queues need.
 *
 * <p>Thread: the owner.
 */
final class VirtualHost implements QueueHost {
    private final String name;
    private final BrokerContext context;
    private final Topology topology;
    private final DirectReplies directReplies;
    private final DeadLetterRouting deadLetters;
    private final Set<LocalSession> sessions = new LinkedHashSet<>();

    VirtualHost(String name, BrokerContext context) {
        this.name = name;
        this.context = context;
        this.topology = new Topology(name);
        this.directReplies = new DirectReplies(context.random());
        this.deadLetters = new DeadLetterRouting(topology, context);
    }

    String name() {
        return name;
    }

    BrokerContext context() {
        return context;
    }

    Topology topology() {
        return topology;
    }

    DirectReplies directReplies() {
        return directReplies;
    }

    Set<LocalSession> sessions() {
        return sessions;
    }

    /** As texts name a queue of this virtual host. */
    String queueText(String queue) {
        return text("queue", queue);
    }

    /** As texts name an exchange of this virtual host. */
    String exchangeText(String exchange) {
        return text("exchange", exchange);
    }

    String text(String kind, String resource) {
        return kind + " '" + resource + "' in vhost '" + name + "'";
    }

    QueueEntry requireQueue(String queue) throws RefusedException {
        QueueEntry entry = topology.queue(queue);
        if (entry == null) {
            throw RefusedException.notFound("no " + queueText(queue));
        }
        return entry;
    }

    Exchange requireExchange(String exchange) throws RefusedException {
        Exchange found = topology.exchange(exchange);
        if (found == null) {
            throw RefusedException.notFound("no " + exchangeText(exchange));
        }
        return found;
    }

    /** Removes a queue and all it holds. Returns how many ready messages went with it. */
    long delete(QueueEntry entry, Changes changes) {
        topology.remove(entry, changes);
        if (entry.exclusiveTo() != null) {
            entry.exclusiveTo().forget(entry);
        }
        return entry.queue().delete();
    }

    /** Removes everything, as its deletion needs. */
    void deleteAll(Changes changes) {
        for (QueueEntry entry : topology.queues().toArray(QueueEntry[]::new)) {
            delete(entry, changes);
        }
        for (Exchange exchange : topology.exchanges().toArray(Exchange[]::new)) {
            if (Topology.isPredeclared(exchange.name())) {
                exchange.outgoing().forEach(binding -> topology.remove(binding, changes));
            } else if (topology.exchange(exchange.name()) != null) {
                topology.remove(exchange, changes);
            }
        }
    }

    // ---- what queues need

    @Override
    public Owner owner() {
        return context.owner();
    }

    @Override
    public Shard shard() {
        return context.shard();
    }

    @Override
    public PropertiesCodec codec() {
        return context.codec();
    }

    @Override
    public void deadLetter(MessageQueue source, Message message) {
        deadLetters.publish(message);
    }

    @Override
    public void unused(MessageQueue queue) {
        QueueEntry entry = topology.queue(queue.name());
        if (entry != null && entry.queue() == queue) {
            Changes changes = new Changes();
            delete(entry, changes);
            context.metadata().submit(changes.list());
        }
    }
}
