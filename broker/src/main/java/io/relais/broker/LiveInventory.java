// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import io.relais.broker.exchange.Binding;
import io.relais.broker.exchange.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What a running broker holds.
 *
 * <p>Thread: the owner. A listing costs what it lists.
 */
final class LiveInventory implements Inventory {
    private final LocalBroker broker;

    LiveInventory(LocalBroker broker) {
        this.broker = broker;
    }

    private <T> void list(String name, Reply<List<T>> reply, Function<VirtualHost, List<T>> lister) {
        VirtualHost vhost = broker.vhost(name);
        if (vhost == null) {
            reply.refused(new Refusal.NotFound("there is no virtual host '" + name + "'"));
        } else {
            reply.done(lister.apply(vhost));
        }
    }

    @Override
    public void queues(String vhost, Reply<List<QueueInfo>> reply) {
        list(vhost, reply, host -> host.topology().queues().stream().map(LiveInventory::info)
                .sorted(Comparator.comparing(QueueInfo::name)).toList());
    }

    private static QueueInfo info(QueueEntry entry) {
        return new QueueInfo(entry.name(), entry.queue().settings().type().name().toLowerCase(Locale.ROOT),
                entry.durable(), entry.exclusiveTo() != null, entry.autoDelete(), entry.arguments().values(),
                entry.queue().messageCount(), entry.queue().unacknowledgedCount(), entry.queue().consumerCount());
    }

    @Override
    public void exchanges(String vhost, Reply<List<ExchangeInfo>> reply) {
        list(vhost, reply, host -> host.topology().exchanges().stream().map(exchange -> info(exchange.traits()))
                .sorted(Comparator.comparing(ExchangeInfo::name)).toList());
    }

    static ExchangeInfo info(Exchange.Traits traits) {
        return new ExchangeInfo(traits.name(), traits.type().toString(), traits.durable(), traits.autoDelete(),
                traits.internal(), traits.arguments().values());
    }

    @Override
    public void bindings(String vhost, Reply<List<BindingInfo>> reply) {
        list(vhost, reply, host -> host.topology().exchanges().stream()
                .flatMap(exchange -> exchange.outgoing().stream()).map(LiveInventory::info)
                .sorted(Comparator.comparing(BindingInfo::source).thenComparing(BindingInfo::destination)
                        .thenComparing(BindingInfo::routingKey))
                .toList());
    }

    private static BindingInfo info(Binding binding) {
        return new BindingInfo(binding.source().name(),
                binding.destination() instanceof Exchange ? "exchange" : "queue", binding.destination().name(),
                binding.routingKey(), binding.arguments().values());
    }

    @Override
    public void connections(Reply<List<ConnectionEntry>> reply) {
        List<ConnectionEntry> entries = new ArrayList<>();
        for (VirtualHost vhost : broker.vhosts()) {
            for (LocalSession session : vhost.sessions()) {
                entries.add(
                        new ConnectionEntry(session.number(), session.user(), vhost.name(), session.connection()));
            }
        }
        entries.sort(Comparator.comparingLong(ConnectionEntry::number));
        reply.done(entries);
    }

    @Override
    public void consumers(String vhost, Reply<List<ConsumerInfo>> reply) {
        list(vhost, reply,
                host -> host.topology().queues().stream().flatMap(entry -> entry.queue().consumers().stream())
                        .map(consumer -> new ConsumerInfo(consumer.queue().name(), consumer.tag(), !consumer.noAck(),
                                consumer.exclusive()))
                        .sorted(Comparator.comparing(ConsumerInfo::queue).thenComparing(ConsumerInfo::tag)).toList());
    }

    /** The session with a number; null where there is none. */
    @Nullable
    LocalSession session(long number) {
        for (VirtualHost vhost : broker.vhosts()) {
            for (LocalSession session : vhost.sessions()) {
                if (session.number() == number) {
                    return session;
                }
            }
        }
        return null;
    }
}
