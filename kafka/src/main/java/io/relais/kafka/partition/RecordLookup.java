// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import io.netty.buffer.ByteBuf;
import io.relais.log.BatchSlice;
import io.relais.log.RetainedLog;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * Finds one record by its time: the index leads to a batch, the records in it are looked at one by one.
 *
 * <p>Thread: any; batches are read and decompressed where blocking is allowed.
 */
final class RecordLookup {
    private static final int READ_BYTES = 256 << 10;

    private final RetainedLog log;
    private final Executor blocking;
    private final long start;
    private final long end;

    /** A record. */
    record Found(long offset, long timestampMs) {}

    /**
     * Makes it.
     *
     * @param start lowest offset of interest
     * @param end   no record from here on is found
     */
    RecordLookup(RetainedLog log, Executor blocking, long start, long end) {
        this.log = log;
        this.blocking = blocking;
        this.start = start;
        this.end = end;
    }

    /** The first record with a timestamp of at least this; null where there is none. */
    CompletionStage<@Nullable Found> first(long timestampMs) {
        return log.offsetAt(timestampMs).thenCompose(offset -> offset < 0 ? none() : from(offset, timestampMs));
    }

    /** The first record with the highest timestamp of all; null where no record has a timestamp. */
    CompletionStage<@Nullable Found> latest() {
        long latest = log.parts().stream().mapToLong(RetainedLog.Part::maxTimestampMs).max().orElse(-1);
        return latest < 0 ? none() : first(latest);
    }

    private static CompletionStage<@Nullable Found> none() {
        return CompletableFuture.completedFuture(null);
    }

    private CompletionStage<@Nullable Found> from(long offset, long timestampMs) {
        if (offset >= end) {
            return none();
        }
        return log.slice(offset, READ_BYTES, end).thenComposeAsync(slice -> {
            if (slice == null) {
                return none();
            }
            long next = slice.endOffset();
            Found found = search(slice, timestampMs);
            return found != null ? CompletableFuture.completedFuture(found) : from(next, timestampMs);
        }, blocking);
    }

    private @Nullable Found search(BatchSlice slice, long timestampMs) {
        ByteBuf bytes = slice.copy();
        try {
            for (MutableRecordBatch batch : MemoryRecords.readableRecords(bytes.nioBuffer()).batches()) {
                if (batch.maxTimestamp() >= timestampMs && batch.lastOffset() >= start) {
                    Found found = search(batch, timestampMs);
                    if (found != null) {
                        return found;
                    }
                }
            }
            return null;
        } finally {
            bytes.release();
        }
    }

    private @Nullable Found search(MutableRecordBatch batch, long timestampMs) {
        boolean appendTime = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        try (CloseableIterator<Record> records = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
            while (records.hasNext()) {
                Record record = records.next();
                long timestamp = appendTime ? batch.maxTimestamp() : record.timestamp();
                if (timestamp >= timestampMs && record.offset() >= start) {
                    return new Found(record.offset(), timestamp);
                }
            }
            return null;
        }
    }
}
