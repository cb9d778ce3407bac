// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;

/** Told once what became of a request that concerns a producer's id and epoch. Thread: the owner. */
@FunctionalInterface
interface ProducerListener {

    /**
     * Receives the outcome.
     *
     * @param producerId the producer's id from now on; -1 where there is none to tell
     * @param epoch      its epoch from now on; -1 where there is none to tell
     */
    void done(Errors error, long producerId, short epoch);

    default void refused(Errors error) {
        done(error, RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH);
    }
}
