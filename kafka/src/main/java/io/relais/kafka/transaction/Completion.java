// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.relais.broker.runtime.Owner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second step of ending a transaction, once it is durable that it commits or aborts: a marker to each of its partitions, then the end to the log. Every part of it may be done again, so after a crash it simply
 * begins anew; and it never gives up, since consumers that read what is committed wait for it.
 *
 * <p>Thread: the owner.
 */
final class Completion {
    /** Time until what failed is tried again, in milliseconds. */
    static final long RETRY_MS = 1000;

    /** The epoch of the coordinator in markers: it never changes on one node. */
    static final int COORDINATOR_EPOCH = 0;

    private static final Logger LOG = LoggerFactory.getLogger(Completion.class);

    private final StatePartition partition;
    private final TransactionalId id;
    private final Markers.Marker marker;
    private final Markers markers;
    private final Owner owner;
    private final Set<TopicPartition> left;
    private TxnTransitMetadata complete;

    /** Prepares it for an id that is in state {@code PREPARE_COMMIT} or {@code PREPARE_ABORT}. */
    Completion(StatePartition partition, TransactionalId id, Markers markers, Owner owner) {
        this.partition = partition;
        this.id = id;
        this.marker = new Markers.Marker(id.producerId(), id.epoch(), id.state() == TransactionState.PREPARE_COMMIT,
                COORDINATOR_EPOCH, id.version());
        this.markers = markers;
        this.owner = owner;
        this.left = new HashSet<>(id.partitions());
        this.complete = id.complete(owner.clock().nowMs());
    }

    /** The producer's id when all is done. */
    long producerId() {
        return complete.producerId();
    }

    /** The producer's epoch when all is done. */
    short epoch() {
        return complete.producerEpoch();
    }

    void start() {
        if (left.isEmpty()) {
            end();
        } else {
            List.copyOf(left).forEach(this::mark);
        }
    }

    private void mark(TopicPartition target) {
        markers.write(target, marker, error -> marked(target, error));
    }

    private void marked(TopicPartition target, Errors error) {
        switch (error) {
            case NONE, UNKNOWN_TOPIC_OR_PARTITION -> done(target);
            case INVALID_PRODUCER_EPOCH, PRODUCER_FENCED, TRANSACTION_COORDINATOR_FENCED -> {
                LOG.warn(
                        "partition {} has a newer epoch of producer {} than {}: its transaction there was ended already",
                        target, marker.producerId(), marker.epoch());
                done(target);
            }
            default -> {
                LOG.warn("transaction of {} cannot be ended in {}: {}; trying again", id.id(), target, error);
                id.stuck();
                owner.schedule(RETRY_MS, () -> mark(target));
            }
        }
    }

    private void done(TopicPartition target) {
        if (left.remove(target)) {
            id.marked(target);
            if (left.isEmpty()) {
                end();
            }
        }
    }

    private void end() {
        partition.move(id, complete, owner.clock().nowMs(), error -> {
            if (error != Errors.NONE) {
                LOG.warn("the end of the transaction of {} cannot be recorded: {}; trying again", id.id(), error);
                complete = id.complete(owner.clock().nowMs());
                owner.schedule(RETRY_MS, this::end);
            }
        });
    }
}
