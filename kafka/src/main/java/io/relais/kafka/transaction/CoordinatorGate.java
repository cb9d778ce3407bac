// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.relais.broker.runtime.Owner;
import io.relais.kafka.partition.Partition;
import io.relais.kafka.partition.TransactionGate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.common.TransactionVersion;
import org.jspecify.annotations.Nullable;

/**
 * Lets records into a partition only as part of a transaction that the coordinator knows (KIP-890). Producers of version 2 never ask for that: their partitions are added here. What one producer adds in one round is
 * recorded at once, whatever the number of partitions.
 *
 * <p>Thread: the owner. Bounds: one entry for each producer that is writing right now, for one round.
 */
final class CoordinatorGate implements TransactionGate {
    private final TransactionCoordinator coordinator;
    private final Owner owner;
    private Map<Producer, Added> collected = new LinkedHashMap<>();

    private record Producer(String transactionalId, long producerId, short epoch) {}

    private static final class Added {
        final Set<TopicPartition> partitions = new HashSet<>();
        final List<ErrorListener> listeners = new ArrayList<>();
    }

    CoordinatorGate(TransactionCoordinator coordinator, Owner owner) {
        this.coordinator = coordinator;
        this.owner = owner;
    }

    @Override
    public void admit(@Nullable String transactionalId, long producerId, short producerEpoch, Partition partition,
            boolean mayAdd, Listener listener) {
        admit(transactionalId, producerId, producerEpoch,
                new TopicPartition(partition.topic().name(), partition.index()), mayAdd,
                error -> listener.decided(forProducer(error, mayAdd)));
    }

    /** As {@link TransactionGate#admit}, with the coordinator's own errors. */
    void admit(@Nullable String transactionalId, long producerId, short producerEpoch, TopicPartition partition,
            boolean mayAdd, ErrorListener listener) {
        if (transactionalId == null) {
            listener.done(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        } else if (mayAdd) {
            if (collected.isEmpty()) {
                owner.execute(this::add);
            }
            Added added = collected.computeIfAbsent(new Producer(transactionalId, producerId, producerEpoch),
                    producer -> new Added());
            added.partitions.add(partition);
            added.listeners.add(listener);
        } else {
            coordinator.verify(transactionalId, producerId, producerEpoch, partition, listener);
        }
    }

    private void add() {
        Map<Producer, Added> round = collected;
        collected = new LinkedHashMap<>();
        round.forEach((producer, added) -> coordinator.addPartitions(producer.transactionalId(),
                producer.producerId(), producer.epoch(), added.partitions, TransactionVersion.TV_2,
                error -> added.listeners.forEach(listener -> listener.done(error))));
    }

    /** The coordinator's errors as a producer expects them in the answer to a batch: those it retries without looking for the leader again, and the name it knows for being fenced. */
    private static Errors forProducer(Errors error, boolean mayAdd) {
        return switch (error) {
            case PRODUCER_FENCED -> Errors.INVALID_PRODUCER_EPOCH;
            case COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> Errors.NOT_ENOUGH_REPLICAS;
            case CONCURRENT_TRANSACTIONS -> mayAdd ? error : Errors.NOT_ENOUGH_REPLICAS;
            default -> error;
        };
    }
}
