// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import org.apache.kafka.common.record.internal.MemoryRecords;

/** One partition of the log of transactional ids. Thread: the owner. */
interface StateLog {

    /** Receives the batches of the log, oldest first. Thread: any, one after the other. */
    @FunctionalInterface
    interface Visitor {
        /** @param batches valid during the call only */
        void batches(MemoryRecords batches);
    }

    /** Reads it all. Thread of {@code done}: the owner. */
    void load(Visitor visitor, ErrorListener done);

    /** Appends; {@code done} hears of it when it is durable, in the order of appends. Thread of {@code done}: the owner. */
    void append(MemoryRecords records, ErrorListener done);
}
