// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.BatchReader;
import io.relais.log.LogException;
import io.relais.log.LogWriter;
import io.relais.log.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * The log of its own that a queue with much waiting has: what lives there is a few spans, read in order through a window.
 *
 * <p>Thread: the owner. Memory: one window while somebody reads; {@link Windows} bounds them all together.
 */
final class Backlog {
    private static final int CHECK_EVERY = 4096;

    private final Shard shard;
    private final QueueLog log;
    private final LogWriter writer;
    private final BatchReader reader;

    private ByteBuf window = Unpooled.EMPTY_BUFFER;
    private int hint;
    private @Nullable List<Runnable> waiting;
    private int acknowledgedSinceCheck;
    private boolean checkDue;
    private int moves;
    private boolean unreadable;
    private boolean closed;

    /**
     * A log that is open.
     *
     * @param writer an open log that is a {@link BatchReader} too
     */
    Backlog(Shard shard, QueueLog log, LogWriter writer) {
        this.shard = shard;
        this.log = log;
        this.writer = writer;
        this.reader = (BatchReader) writer;
    }

    LogWriter writer() {
        return writer;
    }

    BatchReader reader() {
        return reader;
    }

    ByteBuf window() {
        return window;
    }

    /** Index in the window of the batch that holds an offset of the backlog, or -1 where it is not there. */
    int find(long offset) {
        int end = window.writerIndex();
        if (hint >= end || baseOffset(hint) > offset) {
            hint = 0;
        }
        for (int at = hint; at < end; at += RecordBatch.sizeBytes(window, at)) {
            if (offset <= baseOffset(at) + RecordBatch.lastOffsetDelta(window, at)) {
                hint = at;
                return baseOffset(at) <= offset ? at : -1;
            }
        }
        return -1;
    }

    long baseOffset(int at) {
        return RecordBatch.baseOffset(window, at);
    }

    /** Brings the batch that holds an offset into the window, with those behind it, then calls back. */
    void load(long offset, Runnable loaded) {
        if (waiting != null) {
            waiting.add(loaded);
            return;
        }
        waiting = new ArrayList<>(List.of(loaded));
        var _ = reader.readBatches(offset, shard.windows().sizeBytes())
                .whenComplete((bytes, error) -> shard.owner().execute(() -> arrived(offset, bytes, error)));
    }

    private void arrived(long offset, @Nullable ByteBuf bytes, @Nullable Throwable error) {
        List<Runnable> callbacks = java.util.Objects.requireNonNull(waiting);
        waiting = null;
        if (closed) {
            if (bytes != null) {
                bytes.release();
            }
            return;
        }
        if (bytes != null) {
            dropWindow();
            window = bytes;
            hint = 0;
            shard.windows().opened(this, bytes.capacity());
        }
        if (bytes == null || !bytes.isReadable()) {
            lost(offset, error);
        }
        callbacks.forEach(Runnable::run);
    }

    /** What cannot be read is named, and given up, so that the rest of the queue goes on. */
    private void lost(long offset, @Nullable Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        long first = offset;
        long last = offset;
        if (cause instanceof LogException.Damaged damaged && damaged.damage().firstOffset() >= 0) {
            first = damaged.damage().firstOffset();
            last = damaged.damage().lastOffset();
        } else if (cause instanceof LogException.Trimmed) {
            last = reader.startOffset() - 1;
        }
        shard.damaged(
                "queue log " + log.number() + ": its backlog cannot be read at offsets " + first + ".." + last + ": "
                        + (cause == null ? "it ends before" : cause.getMessage()));
        for (Extent span : log.spans()) {
            long from = Math.max(first, span.position);
            long to = Math.min(last + 1, span.position + span.count);
            if (from < to) {
                log.acknowledgeAll(span.base + from - span.position, span.base + to - span.position);
            }
        }
    }

    /** Gives the window's memory back. */
    void dropWindow() {
        if (window.capacity() > 0) {
            shard.windows().closed(this);
            window.release();
            window = Unpooled.EMPTY_BUFFER;
            hint = 0;
        }
    }

    CompletionStage<Long> append(ByteBuf batches, int count) {
        return writer.append(batches, count);
    }

    /** A part of it cannot be read: it is not compacted any more in this life of the process. */
    void unreadable() {
        unreadable = true;
    }

    /** Something is being appended that no span points to yet: nothing is trimmed meanwhile. */
    void beginMove() {
        moves++;
    }

    void endMove() {
        moves--;
        trimLater();
    }

    /** One more message of it is acknowledged. */
    void acknowledged() {
        if (++acknowledgedSinceCheck >= CHECK_EVERY) {
            trimLater();
        }
    }

    /** At the end of the round: gives up files in which nothing lives, and makes a sparse front go. */
    void trimLater() {
        if (!checkDue && !closed) {
            checkDue = true;
            shard.owner().execute(this::check);
        }
    }

    private void check() {
        checkDue = false;
        acknowledgedSinceCheck = 0;
        if (closed || moves > 0) {
            return;
        }
        List<Extent> spans = log.spans();
        if (spans.isEmpty()) {
            dropWindow();
            if (writer.startOffset() < writer.nextOffset()) {
                long end = writer.nextOffset();
                var _ = writer.roll();
                shard.acknowledgedThen(() -> writer.trim(end));
            }
            return;
        }
        long lowest = Long.MAX_VALUE;
        long live = 0;
        for (Extent span : spans) {
            lowest = Math.min(lowest, span.position + log.nextLive(span.base) - span.base);
            live += span.live;
        }
        List<LogWriter.Part> parts = writer.parts();
        if (parts.size() > 1 && parts.getFirst().endOffset() <= lowest) {
            long before = lowest;
            shard.acknowledgedThen(() -> writer.trim(before));
        } else if (!unreadable && parts.size() > 1 && live < (writer.nextOffset() - writer.startOffset()) / 4) {
            shard.compactor().compact(log, this, parts.getFirst());
        }
    }

    void close() {
        closed = true;
        dropWindow();
        writer.close();
    }
}
