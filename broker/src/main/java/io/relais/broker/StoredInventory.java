// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import io.relais.broker.MetadataRecords.StoredBinding;
import io.relais.broker.MetadataRecords.StoredQueue;
import io.relais.broker.queue.QueueArguments;
import io.relais.log.metadata.MetadataStore;

/** What the metadata hold while no broker runs: durable things only, without counts. Replies come on a thread of the store. */
final class StoredInventory implements Inventory {
    private final MetadataStore store;

    StoredInventory(MetadataStore store) {
        this.store = store;
    }

    private <S, T> void list(String prefix, String vhost, Function<byte[], S> reader, Function<S, T> info,
            Reply<List<T>> reply) {
        scan(prefix + MetadataKeys.escape(vhost) + "/", reader)
                .whenComplete((stored, error) -> {
                    if (error != null) {
                        reply.refused(new Refusal.StorageFailed("the metadata cannot be read: " + error.getMessage()));
                    } else {
                        reply.done(stored.stream().map(info).toList());
                    }
                });
    }

    private <S> CompletionStage<List<S>> scan(String prefix, Function<byte[], S> reader) {
        return store.scan(prefix)
                .thenApply(items -> items.stream().map(item -> reader.apply(item.value())).toList());
    }

    @Override
    public void queues(String vhost, Reply<List<QueueInfo>> reply) {
        list(MetadataKeys.QUEUES, vhost, MetadataRecords::readQueue, StoredInventory::info, reply);
    }

    private static QueueInfo info(StoredQueue queue) {
        return new QueueInfo(queue.name(), QueueArguments.type(queue.arguments()).name().toLowerCase(Locale.ROOT),
                true, false, queue.autoDelete(), queue.arguments().values(), -1, -1, -1);
    }

    @Override
    public void exchanges(String vhost, Reply<List<ExchangeInfo>> reply) {
        list(MetadataKeys.EXCHANGES, vhost, MetadataRecords::readExchange,
                stored -> LiveInventory.info(stored.traits()), reply);
    }

    @Override
    public void bindings(String vhost, Reply<List<BindingInfo>> reply) {
        list(MetadataKeys.BINDINGS, vhost, MetadataRecords::readBinding, StoredInventory::info, reply);
    }

    private static BindingInfo info(StoredBinding binding) {
        return new BindingInfo(binding.source(), binding.toQueue() ? "queue" : "exchange", binding.destination(),
                binding.routingKey(), binding.arguments().values());
    }

    @Override
    public void connections(Reply<List<ConnectionEntry>> reply) {
        reply.done(List.of());
    }

    @Override
    public void consumers(String vhost, Reply<List<ConsumerInfo>> reply) {
        reply.done(List.of());
    }
}
