// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.relais.broker.runtime.Owner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.server.common.TransactionVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what transactional ids decide: records it, writes markers, answers. The log of transactional ids is read when the broker starts, where there is one, so that what a crash left half done is finished; it is
 * created when the first transactional producer comes.
 *
 * <p>Thread: the owner.
 */
final class TransactionCoordinator {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionCoordinator.class);

    /** Ids that are forgotten in one go, so that the batch that says so stays small. */
    private static final int FORGOTTEN_AT_ONCE = 1000;

    private final TransactionSettings settings;
    private final ProducerIds producerIds;
    private final StateTopic topic;
    private final Markers markers;
    private final Owner owner;
    private List<StatePartition> partitions = List.of();
    private long idsCheckedMs;
    private boolean checking;

    TransactionCoordinator(TransactionSettings settings, ProducerIds producerIds, StateTopic topic, Markers markers,
            Owner owner) {
        this.settings = settings;
        this.producerIds = producerIds;
        this.topic = topic;
        this.markers = markers;
        this.owner = owner;
    }

    /** Where the log of transactional ids is. Thread: the owner. */
    interface StateTopic {
        /** Its partitions; empty where it was not created yet. */
        List<StateLog> existing();

        /** Creates it where there is none; calls back when it is durable. */
        void create(int partitions, ErrorListener done);
    }

    /** Reads the log where there is one, and finishes what a crash left half done. */
    void start() {
        if (partitions.isEmpty()) {
            partitions = topic.existing().stream().map(StatePartition::new).toList();
            partitions.forEach(this::load);
        }
    }

    private void load(StatePartition partition) {
        partition.whenLoaded(error -> {
            if (error != Errors.NONE) {
                LOG.error("the log of transactional ids cannot be read: {}", error);
                return;
            }
            partition.ids().stream().filter(TransactionCoordinator::isPrepared)
                    .forEach(id -> new Completion(partition, id, markers, owner).start());
            check();
        });
        partition.load();
    }

    private static boolean isPrepared(TransactionalId id) {
        return id.state() == TransactionState.PREPARE_COMMIT || id.state() == TransactionState.PREPARE_ABORT;
    }

    /** The log was deleted: nothing is known any more. */
    void forgetAll() {
        partitions = List.of();
    }

    /** The partition of the log that holds an id; -1 where there is no log. */
    int partitionFor(String id) {
        return partitions.isEmpty() ? -1 : Utils.abs(id.hashCode()) % partitions.size();
    }

    /** A producer asks for its id: an idempotent one without a transactional id, or a transactional one. */
    void initProducerId(@Nullable String id, int timeoutMs, Optional<ProducerIdAndEpoch> expected,
            ProducerListener listener) {
        if (id != null && id.isEmpty()) {
            listener.refused(Errors.INVALID_REQUEST);
        } else if (id != null && (timeoutMs <= 0 || timeoutMs > settings.maxTimeoutMs())) {
            listener.refused(Errors.INVALID_TRANSACTION_TIMEOUT);
        } else {
            producerIds.whenReady(error -> {
                if (error != Errors.NONE) {
                    listener.refused(error);
                } else if (id == null) {
                    listener.done(Errors.NONE, producerIds.next(), (short) 0);
                } else {
                    initTransactionalId(id, timeoutMs, expected, listener);
                }
            });
        }
    }

    private void initTransactionalId(String name, int timeoutMs, Optional<ProducerIdAndEpoch> expected,
            ProducerListener listener) {
        inCreatedPartition(name, listener::refused, partition -> producerIds.whenReady(error -> {
            if (error != Errors.NONE) {
                listener.refused(error);
                return;
            }
            TransactionalId id = partition.find(name);
            if (id == null) {
                id = TransactionalId.created(name, producerIds.next(), timeoutMs, nowMs());
                partition.add(id);
            }
            check();
            carryOut(partition, id, id.initProducerId(timeoutMs, expected, producerIds::next, nowMs()), listener,
                    Errors.CONCURRENT_TRANSACTIONS);
        }));
    }

    /** Partitions become part of a producer's transaction. */
    void addPartitions(@Nullable String name, long producerId, short epoch, Set<TopicPartition> added,
            TransactionVersion version, ErrorListener listener) {
        inExisting(name, listener, (partition, id) -> whenIdle(id,
                () -> id.addPartitions(producerId, epoch, added, version, nowMs()),
                decision -> carryOut(partition, id, decision, (error, newId, newEpoch) -> listener.done(error),
                        Errors.NONE)));
    }

    /**
     * Decides when nothing is under way. A producer whose last transaction is still being completed thus waits for the disk, instead of being told to come again in twenty milliseconds.
     */
    private static void whenIdle(TransactionalId id, Supplier<Decision> decide, Consumer<Decision> then) {
        if (!id.whenSettled(() -> whenIdle(id, decide, then))) {
            then.accept(decide.get());
        }
    }

    /** Whether partitions are part of a producer's transaction, one after the other. */
    void verify(@Nullable String name, long producerId, short epoch, TopicPartition partition,
            ErrorListener listener) {
        inExisting(name, listener, (in, id) -> listener.done(id.verify(producerId, epoch, partition)));
    }

    /** A producer commits or aborts. It is answered when that is decided for good; markers follow. */
    void end(@Nullable String name, long producerId, short epoch, TransactionResult result,
            TransactionVersion version, ProducerListener listener) {
        producerIds.whenReady(failure -> {
            if (failure != Errors.NONE) {
                listener.refused(failure);
                return;
            }
            inExisting(name, listener::refused, (partition, id) -> carryOut(partition, id,
                    id.end(producerId, epoch, result, version, producerIds::next, nowMs()),
                    version.supportsEpochBump()
                            ? listener
                            : (error, newId, newEpoch) -> listener.done(error, RecordBatch.NO_PRODUCER_ID,
                                    RecordBatch.NO_PRODUCER_EPOCH),
                    Errors.NONE));
        });
    }

    /** @param afterEnd what is answered when a transaction was ended: whoever asked for something else is to come again */
    private void carryOut(StatePartition partition, TransactionalId id, Decision decision, ProducerListener listener,
            Errors afterEnd) {
        switch (decision) {
            case Decision.Refused refused -> listener.refused(refused.error());
            case Decision.AlreadyDone done -> listener.done(Errors.NONE, done.producerId(), done.epoch());
            case Decision.Move move -> partition.move(id, move.next(), nowMs(), error -> {
                if (error != Errors.NONE) {
                    listener.refused(error);
                } else if (!isPrepared(id)) {
                    listener.done(Errors.NONE, id.producerId(), id.epoch());
                } else {
                    Completion completion = new Completion(partition, id, markers, owner);
                    if (afterEnd == Errors.NONE) {
                        listener.done(Errors.NONE, completion.producerId(), completion.epoch());
                    } else {
                        listener.refused(afterEnd);
                    }
                    completion.start();
                }
            });
        }
    }

    private interface Found {
        void found(StatePartition partition, TransactionalId id);
    }

    private void inExisting(@Nullable String name, ErrorListener failed, Found found) {
        if (name == null || name.isEmpty()) {
            failed.done(Errors.INVALID_REQUEST);
            return;
        }
        start();
        if (partitions.isEmpty()) {
            failed.done(Errors.INVALID_PRODUCER_ID_MAPPING);
            return;
        }
        StatePartition partition = partitions.get(partitionFor(name));
        partition.whenLoaded(error -> {
            TransactionalId id = partition.find(name);
            if (error != Errors.NONE) {
                failed.done(error);
            } else if (id == null) {
                failed.done(Errors.INVALID_PRODUCER_ID_MAPPING);
            } else {
                found.found(partition, id);
            }
        });
    }

    private void inCreatedPartition(String name, ErrorListener failed, Consumer<StatePartition> then) {
        topic.create(settings.statePartitions(), created -> {
            if (created != Errors.NONE) {
                failed.done(created);
                return;
            }
            start();
            StatePartition partition = partitions.get(partitionFor(name));
            partition.whenLoaded(error -> {
                if (error == Errors.NONE) {
                    then.accept(partition);
                } else {
                    failed.done(error);
                }
            });
        });
    }

    /** Finds an id, for those who only look; told {@link Errors#TRANSACTIONAL_ID_NOT_FOUND} where there is none. */
    void describe(String name, Consumer<TransactionalId> found, ErrorListener failed) {
        inExisting(name, error -> failed.done(error == Errors.INVALID_PRODUCER_ID_MAPPING
                ? Errors.TRANSACTIONAL_ID_NOT_FOUND
                : error), (partition, id) -> found.accept(id));
    }

    /** All ids, by name; fails while a partition is being read. */
    void list(Consumer<List<TransactionalId>> found, ErrorListener failed) {
        start();
        if (!partitions.stream().allMatch(StatePartition::isLoaded)) {
            failed.done(Errors.COORDINATOR_LOAD_IN_PROGRESS);
            return;
        }
        found.accept(partitions.stream().flatMap(partition -> partition.ids().stream())
                .sorted(Comparator.comparing(TransactionalId::id)).toList());
    }

    /** Looks for transactions past their timeout, and for ids that nobody uses, again and again while there are ids. */
    private void check() {
        if (!checking && partitions.stream().anyMatch(partition -> !partition.ids().isEmpty())) {
            checking = true;
            owner.schedule(settings.abortCheckMs(), () -> {
                checking = false;
                partitions.forEach(this::abortTimedOut);
                if (nowMs() - idsCheckedMs >= settings.idCheckMs()) {
                    idsCheckedMs = nowMs();
                    partitions.forEach(this::forgetUnused);
                }
                check();
            });
        }
    }

    private void abortTimedOut(StatePartition partition) {
        long nowMs = nowMs();
        List<TransactionalId> late = partition.ids().stream().filter(id -> id.isTimedOut(nowMs)).toList();
        for (TransactionalId id : late) {
            producerIds.whenReady(error -> {
                if (error == Errors.NONE) {
                    carryOut(partition, id, id.timeOut(producerIds::next, nowMs()), (outcome, newId, newEpoch) -> {
                        if (outcome == Errors.NONE) {
                            LOG.info("transaction of {} took longer than its {} ms: aborted", id.id(), id.timeoutMs());
                        }
                    }, Errors.NONE);
                }
            });
        }
    }

    private void forgetUnused(StatePartition partition) {
        long nowMs = nowMs();
        List<TransactionalId> unused = new ArrayList<>();
        for (TransactionalId id : partition.ids()) {
            if (unused.size() < FORGOTTEN_AT_ONCE && id.isExpired(settings.idExpirationMs(), nowMs)) {
                unused.add(id);
            }
        }
        if (!unused.isEmpty()) {
            partition.forget(unused, nowMs);
        }
    }

    private long nowMs() {
        return owner.clock().nowMs();
    }
}
