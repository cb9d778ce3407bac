// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import java.util.concurrent.CompletionStage;

/** What the transaction coordinator asks of the group coordinator: offsets committed in a transaction are decided by it. Thread: the owner; stages may complete anywhere. */
public interface OffsetTransactions {

    /** The partition of {@code __consumer_offsets} that holds a group. */
    int partitionFor(String groupId);

    /**
     * Ends a producer's transaction in one partition of {@code __consumer_offsets}: its pending offsets are committed or dropped.
     *
     * @param partition        of {@code __consumer_offsets}
     * @param coordinatorEpoch epoch of the transaction coordinator
     * @param version          of transactions: 0, 1 or 2
     * @return completes when the marker is durable, or fails with an exception of Kafka's
     */
    CompletionStage<Void> completeTransaction(int partition, long producerId, short producerEpoch,
            int coordinatorEpoch, boolean commit, short version);
}
