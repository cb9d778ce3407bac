// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.relais.broker.MetadataRecords.StoredBinding;
import io.relais.broker.MetadataRecords.StoredExchange;
import io.relais.broker.MetadataRecords.StoredQueue;
import io.relais.broker.exchange.Binding;
import io.relais.broker.exchange.Exchange;
import io.relais.broker.queue.MessageQueue;
import io.relais.broker.queue.QueueArguments;
import io.relais.broker.runtime.Owner;
import io.relais.broker.security.Authenticator;
import io.relais.broker.security.SecurityOptions;
import io.relais.broker.store.Shard;
import io.relais.broker.store.StoreSizes;
import io.relais.log.LogStore;
import io.relais.log.metadata.MetadataStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a broker: counts the start, opens the shard with the logs of the queues that exist, and builds the topology that the metadata describe. */
final class BrokerStart {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerStart.class);
    private static final int SHARD = 0;

    private final Owner owner;
    private final LogStore logs;
    private final MetadataStore store;
    private final Executor io;
    private final BrokerOptions options;
    private final PropertiesCodec codec;
    private final SecurityOptions security;

    /** What the metadata hold. */
    private record Stored(long epoch, AccessStore.Loaded access, List<StoredExchange> exchanges,
            List<StoredQueue> queues, List<StoredBinding> bindings) {

        Set<Long> logNumbers() {
            return queues.stream().map(StoredQueue::logNumber).collect(Collectors.toSet());
        }
    }

    BrokerStart(Owner owner, LogStore logs, MetadataStore store, Executor io, BrokerOptions options,
            PropertiesCodec codec, SecurityOptions security) {
        this.owner = owner;
        this.logs = logs;
        this.store = store;
        this.io = io;
        this.options = options;
        this.codec = codec;
        this.security = security;
    }

    CompletionStage<LocalBroker> start() {
        return load().thenCompose(
                stored -> Shard
                        .open(SHARD, stored.epoch(), logs, owner, options, StoreSizes.DEFAULT, stored.logNumbers())
                        .thenApply(shard -> build(stored, shard)));
    }

    private CompletionStage<Stored> load() {
        return nextEpoch().thenCompose(epoch -> AccessStore.load(store, security)
                .thenCompose(access -> scan(MetadataKeys.EXCHANGES, MetadataRecords::readExchange)
                        .thenCompose(exchanges -> scan(MetadataKeys.QUEUES, MetadataRecords::readQueue)
                                .thenCombine(scan(MetadataKeys.BINDINGS, MetadataRecords::readBinding),
                                        (queues, bindings) -> new Stored(epoch, access, exchanges, queues,
                                                bindings)))));
    }

    private CompletionStage<Long> nextEpoch() {
        return store.get(MetadataKeys.EPOCH).thenCompose(stored -> {
            long epoch = stored.map(value -> MetadataRecords.readEpoch(value.value())).orElse(0L) + 1;
            long version = stored.map(MetadataStore.Versioned::version).orElse(MetadataStore.ABSENT);
            return store.put(MetadataKeys.EPOCH, MetadataRecords.epoch(epoch), version).thenApply(put -> epoch);
        });
    }

    private <T> CompletionStage<List<T>> scan(String prefix, Function<byte[], T> reader) {
        return store.scan(prefix).thenApply(items -> items.stream().map(item -> {
            try {
                return reader.apply(item.value());
            } catch (RuntimeException e) {
                throw new IllegalStateException("metadata under " + item.key() + " cannot be read: " + e.getMessage(),
                        e);
            }
        }).toList());
    }

    private LocalBroker build(Stored stored, Shard shard) {
        Alarms alarms = new Alarms();
        MetadataWriter metadata = new MetadataWriter(store, owner::execute, why -> alarms.raise("metadata", why));
        shard.onFailure(why -> alarms.raise("storage", why));
        shard.onDamage(what -> LOG.error("damaged storage: {}", what));
        Authenticator authenticator = new Authenticator(stored.access().access(), security, io, owner::execute);
        BrokerContext context = new BrokerContext(owner, shard, codec, metadata, stored.access().access(),
                new LogNumbers(stored.epoch()), security.random());
        LocalBroker broker = new LocalBroker(context, options, authenticator, alarms, io, security);
        stored.access().vhosts().forEach(broker::addVhost);
        stored.exchanges().forEach(exchange -> restore(broker.vhost(exchange.vhost()), exchange));
        stored.queues().forEach(queue -> restore(broker.vhost(queue.vhost()), queue));
        stored.bindings().forEach(binding -> restore(broker.vhost(binding.vhost()), binding));
        return broker;
    }

    private static void restore(@Nullable VirtualHost vhost, StoredExchange exchange) {
        if (vhost != null) {
            vhost.topology().restore(Exchange.create(exchange.traits()));
        }
    }

    private static void restore(@Nullable VirtualHost vhost, StoredQueue stored) {
        if (vhost == null) {
            return;
        }
        try {
            MessageQueue queue = new MessageQueue(vhost, vhost.name(), stored.name(), stored.logNumber(), true,
                    stored.autoDelete(), QueueArguments.parse(vhost.queueText(stored.name()), stored.arguments()));
            vhost.topology().restore(
                    new QueueEntry(queue, true, stored.autoDelete(), stored.arguments(), null, stored.logNumber()));
        } catch (RefusedException e) {
            throw new IllegalStateException("a stored queue cannot be opened: " + e.getMessage(), e);
        }
    }

    private static void restore(@Nullable VirtualHost vhost, StoredBinding stored) {
        Binding binding = vhost == null
                ? null
                : vhost.topology().binding(stored.source(), stored.toQueue(), stored.destination(),
                        stored.routingKey(), stored.arguments());
        if (vhost == null || binding == null) {
            LOG.warn("a stored binding leads nowhere and is left out: {}", stored);
            return;
        }
        vhost.topology().restore(binding);
    }
}
