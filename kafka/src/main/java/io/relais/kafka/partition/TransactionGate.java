// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Asked before a producer's first transactional batch in a partition (KIP-890): no record enters the log as part of a transaction that the coordinator does not know. Thread: the owner.
 */
@FunctionalInterface
public interface TransactionGate {

    /** Lets everything pass. */
    TransactionGate OPEN = (transactionalId, producerId, producerEpoch, partition, mayAdd, listener) -> listener
            .decided(Errors.NONE);

    /** Told once, now or later. */
    interface Listener {
        /** @param error {@link Errors#NONE} where the batch may be appended */
        void decided(Errors error);
    }

    /**
     * Finds out whether the partition is part of the producer's ongoing transaction.
     *
     * @param transactionalId as the request names it; null where it does not, which is never right
     * @param mayAdd          whether the partition is to be added where it is not (Produce version 12 and later); else {@link Errors#TRANSACTION_ABORTABLE}, which the asker puts in words that its client knows
     */
    void admit(@Nullable String transactionalId, long producerId, short producerEpoch, Partition partition,
            boolean mayAdd, Listener listener);
}
