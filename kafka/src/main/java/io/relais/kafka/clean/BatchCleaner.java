// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.BooleanSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.RetainedLog.BatchFilter;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second pass of compaction: takes out of each batch what a later record of the same key replaces, tombstones and markers that stayed long enough for every consumer to see (KIP-534), and records of aborted
 * transactions. The last batch of a producer that may go on stays, if without records, as its sequence numbers are in it.
 *
 * <p>How a batch is written anew is Kafka's own {@link MemoryRecords#filterTo}: offsets, timestamps and headers of what stays are the same.
 *
 * <p>Thread: the one that rewrites. Memory: one batch, decompressed.
 */
final class BatchCleaner implements BatchFilter {
    private static final Logger LOG = LoggerFactory.getLogger(BatchCleaner.class);

    private final Pass pass;
    private final Map<Long, LastBatch> producers;
    private final Fates fates;
    private final BooleanSupplier abandoned;
    private final Filter filter;
    private final BufferSupplier buffers = BufferSupplier.create();

    /** What a producer that may go on wrote last: the offset of its last record, or -1 where only a marker is remembered. */
    record LastBatch(short epoch, long lastOffset) {}

    /**
     * One pass.
     *
     * @param map                  the last offset of each key in the range that was noted
     * @param indexedEnd           end of that range: what is behind stays as it is
     * @param nowMs                when it began
     * @param deleteRetentionMs    how long tombstones and markers stay ({@code delete.retention.ms})
     * @param decompressedMaxBytes how long the records of one batch may be; longer ones stay as they are
     */
    record Pass(OffsetMap map, long indexedEnd, long nowMs, long deleteRetentionMs, int decompressedMaxBytes) {}

    /** The pass was given up, since the topic is gone. */
    static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Abandoned() {
            super("abandoned", null, false, false);
        }
    }

    BatchCleaner(Pass pass, Map<Long, LastBatch> producers, Fates fates, BooleanSupplier abandoned) {
        this.pass = pass;
        this.producers = producers;
        this.fates = fates;
        this.abandoned = abandoned;
        this.filter = new Filter();
    }

    @Override
    public @Nullable ByteBuf filter(ByteBuf batch) {
        if (abandoned.getAsBoolean()) {
            throw new Abandoned();
        }
        ByteBuffer bytes = batch.nioBuffer();
        ByteBuffer kept;
        try {
            kept = MemoryRecords.readableRecords(bytes.duplicate()).filterTo(filter,
                    ByteBuffer.allocate(bytes.remaining()), buffers, pass.decompressedMaxBytes()).outputBuffer();
        } catch (KafkaException e) {
            LOG.warn("a batch cannot be read to its end, and stays as it is: {}", e.getMessage());
            return batch;
        }
        kept.flip();
        if (!kept.hasRemaining()) {
            return null;
        }
        return kept.equals(bytes) ? batch : Unpooled.wrappedBuffer(kept);
    }

    private final class Filter extends RecordFilter {
        private boolean recordsGo;

        Filter() {
            super(pass.nowMs(), pass.deleteRetentionMs());
        }

        @Override
        protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
            boolean needless = batch.isControlBatch()
                    ? fates.passMarker(batch.producerId())
                    : batch.isTransactional() && fates.passRecords(batch.producerId(), batch.baseOffset());
            boolean seenByAll = batch.deleteHorizonMs().isPresent()
                    && batch.deleteHorizonMs().getAsLong() <= pass.nowMs();
            recordsGo = needless && (!batch.isControlBatch() || seenByAll);
            BatchRetention retention;
            if (isLastOfItsProducer(batch)) {
                retention = BatchRetention.RETAIN_EMPTY;
            } else {
                retention = recordsGo ? BatchRetention.DELETE : BatchRetention.DELETE_EMPTY;
            }
            return new BatchRetentionResult(retention, needless && batch.isControlBatch());
        }

        private boolean isLastOfItsProducer(RecordBatch batch) {
            LastBatch last = batch.hasProducerId() ? producers.get(batch.producerId()) : null;
            if (last == null) {
                return false;
            }
            return last.lastOffset() >= 0
                    ? batch.lastOffset() == last.lastOffset()
                    : batch.isControlBatch() && batch.producerEpoch() == last.epoch();
        }

        @Override
        protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
            if (recordsGo) {
                return false;
            }
            if (batch.isControlBatch() || record.offset() >= pass.indexedEnd()) {
                return true;
            }
            if (!record.hasKey() || record.offset() < pass.map().get(record.key())) {
                return false;
            }
            return record.hasValue() || batch.deleteHorizonMs().isEmpty()
                    || pass.nowMs() < batch.deleteHorizonMs().getAsLong();
        }
    }
}
