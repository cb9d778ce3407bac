// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import io.netty.buffer.ByteBuf;
import io.relais.log.LogReader;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.Deserializer.UnknownRecordTypeException;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plays batches of one partition to the coordinator. Thread: one after another, of the log's driver, then the owner. */
final class OffsetsPlayback implements LogReader.EntryVisitor {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetsPlayback.class);

    /** After so many offsets the coordinator may forget how it came to its state: keeps its snapshots small. */
    private static final long COMMIT_EVERY_OFFSETS = 16_384;

    private final CoordinatorPlayback<CoordinatorRecord> coordinator;
    private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
    private long committed;
    private long records;
    private long bytes;

    OffsetsPlayback(CoordinatorPlayback<CoordinatorRecord> coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public void entry(long offset, int count, ByteBuf batches) {
        bytes += batches.readableBytes();
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(batches.nioBuffer()).batches()) {
            if (batch.isControlBatch()) {
                batch.forEach(marker -> end(batch, marker));
            } else {
                batch.forEach(record -> play(batch, record));
            }
            if (batch.nextOffset() - committed >= COMMIT_EVERY_OFFSETS) {
                finish(batch.nextOffset());
            }
        }
    }

    private void end(MutableRecordBatch batch, Record marker) {
        records++;
        ControlRecordType type = ControlRecordType.parse(marker.key());
        if (type == ControlRecordType.COMMIT || type == ControlRecordType.ABORT) {
            coordinator.replayEndTransactionMarker(batch.producerId(), batch.producerEpoch(),
                    type == ControlRecordType.COMMIT ? TransactionResult.COMMIT : TransactionResult.ABORT);
        }
    }

    private void play(MutableRecordBatch batch, Record record) {
        records++;
        CoordinatorRecord read;
        try {
            read = serde.deserialize(record.key(), record.value());
        } catch (UnknownRecordTypeException e) {
            LOG.warn("a record of type {} at offset {} is not known here: passed over", e.unknownType(),
                    record.offset());
            return;
        }
        if (read != null) {
            coordinator.replay(record.offset(), batch.producerId(), batch.producerEpoch(), read);
        }
    }

    /** Everything below {@code end} was played and is durable. Offset 0 is where the coordinator begins: it must not hear it. */
    void finish(long end) {
        if (end > committed) {
            coordinator.updateLastWrittenOffset(end);
            coordinator.updateLastCommittedOffset(end);
            committed = end;
        }
    }

    long records() {
        return records;
    }

    long bytes() {
        return bytes;
    }
}
