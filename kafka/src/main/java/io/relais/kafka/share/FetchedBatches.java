// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.relais.kafka.wire.SliceRecords;
import io.relais.log.BatchSlice;
import io.relais.log.record.RecordBatch;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Batches read from a partition, in memory: which offsets they hold, and the bytes of those that are handed out.
 *
 * <p>Thread: the owner. Owns its bytes until {@link #records} or {@link #release}.
 */
final class FetchedBatches {
    private static final int TRANSACTIONAL = 0x10;
    private static final int CONTROL = 0x20;

    private final ByteBuf bytes;
    private final List<LogSpan> spans = new ArrayList<>();
    private final List<Integer> indexes = new ArrayList<>();

    /** An aborted transaction: no consumer with {@code read_committed} gets its records. */
    record Aborted(long producerId, long firstOffset) {}

    /** @param aborted those that overlap with the batches, in the order of their first offsets; none where uncommitted records are read too */
    FetchedBatches(ByteBuf bytes, List<Aborted> aborted) {
        this.bytes = bytes;
        Deque<Aborted> ahead = new ArrayDeque<>(aborted);
        Set<Long> producers = new HashSet<>();
        for (int at = bytes.readerIndex(); at < bytes.writerIndex(); at += RecordBatch.sizeBytes(bytes, at)) {
            long first = RecordBatch.baseOffset(bytes, at);
            long last = first + RecordBatch.lastOffsetDelta(bytes, at);
            Aborted next = ahead.peek();
            while (next != null && next.firstOffset() <= last) {
                producers.add(next.producerId());
                ahead.remove();
                next = ahead.peek();
            }
            spans.add(new LogSpan(first, last, isDeliverable(at, producers)));
            indexes.add(at);
        }
    }

    private boolean isDeliverable(int at, Set<Long> abortedProducers) {
        int attributes = bytes.getShort(at + RecordBatch.ATTRIBUTES);
        long producerId = bytes.getLong(at + RecordBatch.PRODUCER_ID);
        if ((attributes & CONTROL) != 0) {
            abortedProducers.remove(producerId);
            return false;
        }
        boolean aborted = (attributes & TRANSACTIONAL) != 0 && abortedProducers.contains(producerId);
        return !aborted && RecordBatch.count(bytes, at) > 0;
    }

    /** The batches, in the order of the log. */
    List<LogSpan> spans() {
        return spans;
    }

    /** The batches that hold records from {@code first} to {@code last}, for a response that gives them back when it is written. */
    BaseRecords records(long first, long last) {
        int from = -1;
        int to = bytes.readerIndex();
        for (int i = 0; i < spans.size(); i++) {
            LogSpan span = spans.get(i);
            if (span.lastOffset() >= first && span.firstOffset() <= last) {
                from = from < 0 ? indexes.get(i) : from;
                to = i + 1 < spans.size() ? indexes.get(i + 1) : bytes.writerIndex();
            }
        }
        if (from < 0) {
            release();
            return MemoryRecords.EMPTY;
        }
        bytes.setIndex(from, to);
        return new SliceRecords(new InMemory(bytes, last + 1), false);
    }

    void release() {
        bytes.release();
    }

    private record InMemory(ByteBuf bytes, long endOffset) implements BatchSlice {
        @Override
        public int sizeBytes() {
            return bytes.readableBytes();
        }

        @Override
        public Object take() {
            return bytes;
        }

        @Override
        public ByteBuf copy() {
            return bytes;
        }

        @Override
        public void close() {
            bytes.release();
        }
    }
}
