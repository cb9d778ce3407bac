// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.record.BatchBuilder;
import io.relais.log.record.RecordBatch;
import io.relais.log.record.RecordCursor;

/**
 * Moves messages of one queue to the end of its backlog: packs them into larger batches, with gaps where messages are acknowledged, so that offsets in the queue and in the backlog run in
 * parallel over long spans.
 *
 * <p>Thread: the owner.
 */
final class Spill {
    private static final int BATCH_BYTES = 64 << 10;
    private static final int WRITE_BYTES = 256 << 10;

    private final QueueLog log;
    private final Backlog backlog;
    private final BatchBuilder batch = new BatchBuilder();
    private final RecordCursor records = new RecordCursor();
    private final List<CompletableFuture<Long>> appends = new ArrayList<>();
    private final List<Placement> placements = new ArrayList<>();
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private int count;
    private boolean inBatch;
    private long batchBase;
    private long end = -1;

    /** Who waits to hear where its offsets went. */
    private record Placement(long relative, LongConsumer placed) {}

    Spill(QueueLog log, Backlog backlog) {
        this.log = log;
        this.backlog = backlog;
        backlog.beginMove();
    }

    /** What was moved has its place in the queue's log now, or the move was given up. */
    void done() {
        backlog.endMove();
    }

    QueueLog log() {
        return log;
    }

    /**
     * Copies the live records of one batch that stands at {@code base}, of which {@code offsets} offsets from {@code from} on are taken.
     *
     * @param base   the queue's offset of the batch's base offset
     * @param placed told the backlog's offset of {@code from}, when it is given to the backlog
     */
    void add(ByteBuf in, int at, long base, long from, int offsets, LongConsumer placed) {
        if (inBatch && (from != end || batch.sizeBytes() + RecordBatch.sizeBytes(in, at) > BATCH_BYTES
                || from + offsets - batchBase > Integer.MAX_VALUE)) {
            finishBatch();
        }
        if (!inBatch) {
            beginBatch(from, RecordBatch.baseTimestamp(in, at), RecordBatch.sizeBytes(in, at));
        }
        records.open(in, at);
        while (records.next()) {
            long offset = base + records.offsetDelta();
            if (offset >= from && offset < from + offsets && log.isLive(offset)) {
                batch.copy(records, (int) (offset - batchBase));
            }
        }
        records.close();
        end = from + offsets;
        placements.add(new Placement(count + (from - batchBase), placed));
    }

    /** Completes once all that was added is durable. */
    CompletableFuture<Void> finish() {
        flush();
        return CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new));
    }

    private void beginBatch(long base, long timestampMs, int bytes) {
        if (out.writerIndex() + bytes > WRITE_BYTES) {
            flush();
        }
        if (out.capacity() == 0) {
            out = Unpooled.directBuffer(Math.max(WRITE_BYTES, bytes + RecordBatch.HEADER_BYTES));
        }
        batchBase = base;
        batch.begin(out, timestampMs);
        inBatch = true;
    }

    private void finishBatch() {
        int offsets = (int) (end - batchBase);
        batch.finish(count, offsets - 1);
        count += offsets;
        inBatch = false;
    }

    private void flush() {
        if (inBatch) {
            finishBatch();
        }
        if (count > 0) {
            long first = backlog.writer().nextOffset();
            placements.forEach(placement -> placement.placed.accept(first + placement.relative));
            placements.clear();
            appends.add(backlog.append(out, count).toCompletableFuture());
            out = Unpooled.EMPTY_BUFFER;
            count = 0;
        }
    }
}
