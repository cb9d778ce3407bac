// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.coordinator.transaction.TransactionLog;
import org.apache.kafka.coordinator.transaction.TransactionMetadata;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.apache.kafka.server.common.TransactionVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transactional ids as records of {@code __transaction_state}, in Kafka's own form: key = id, value = its state; without a value: forgotten. */
final class StateRecords {
    private static final Logger LOG = LoggerFactory.getLogger(StateRecords.class);

    private StateRecords() {}

    static MemoryRecords state(String id, TxnTransitMetadata state, long nowMs) {
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(nowMs, TransactionLog.keyToBytes(id),
                TransactionLog.valueToBytes(state, TransactionVersion.TV_2)));
    }

    static MemoryRecords forgotten(Collection<String> ids, long nowMs) {
        return MemoryRecords.withRecords(Compression.NONE, ids.stream()
                .map(id -> new SimpleRecord(nowMs, TransactionLog.keyToBytes(id), null)).toArray(SimpleRecord[]::new));
    }

    /** Collects the last state of each id. Thread: one at a time. */
    static final class Reader implements StateLog.Visitor {
        private final Map<String, TransactionalId> ids = new HashMap<>();

        @Override
        public void batches(MemoryRecords batches) {
            for (RecordBatch batch : batches.batches()) {
                for (Record record : batch) {
                    read(record);
                }
            }
        }

        private void read(Record record) {
            switch (TransactionLog.read(record.key(), record.value())) {
                case TransactionLog.TxnRecord found -> {
                    TransactionMetadata metadata = found.metadata();
                    ids.put(found.transactionId(), new TransactionalId(metadata));
                }
                case TransactionLog.TxnTombstone gone -> ids.remove(gone.transactionId());
                case TransactionLog.UnknownKeyVersion unknown -> LOG.warn(
                        "a record of the transaction log at offset {} has a key of version {}, which is not known: passed over",
                        record.offset(), unknown.version());
                case TransactionLog.UnknownValueVersion unknown -> LOG.warn(
                        "a record of the transaction log at offset {} has a value of version {}, which is not known: passed over",
                        record.offset(), unknown.version());
            }
        }

        Map<String, TransactionalId> ids() {
            return ids;
        }
    }
}
