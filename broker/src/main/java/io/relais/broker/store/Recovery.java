// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.relais.log.record.RecordBatch;
import io.relais.log.record.RecordCursor;
import org.jspecify.annotations.Nullable;

/**
 * Replays a journal, entry by entry, into queue logs. What is dead is sorted out at the end, so that the replay itself only collects.
 *
 * <p>Thread: the one that scans; the logs are handed to the owner afterwards.
 */
final class Recovery {
    private final Map<Long, QueueLog> logs;
    private final int chunkBytes;
    private final List<Chunk> chunks = new ArrayList<>();
    private final RecordCursor records = new RecordCursor();
    private @Nullable Chunk chunk;

    /** Replays into these logs, by number; items of others are passed over. */
    Recovery(Map<Long, QueueLog> logs, int chunkBytes) {
        this.logs = logs;
        this.chunkBytes = chunkBytes;
    }

    void entry(long offset, ByteBuf bytes) {
        Chunk into = chunk;
        if (into == null || into.capacity + bytes.readableBytes() > chunkBytes) {
            into = new Chunk();
            chunk = into;
            chunks.add(into);
        }
        int start = into.recovered(offset, bytes.readableBytes());
        int begin = bytes.readerIndex();
        for (int at = begin; at < bytes.writerIndex(); at += JournalItem.sizeBytes(bytes, at)) {
            int body = at + JournalItem.HEADER_BYTES;
            switch (bytes.getByte(at)) {
                case JournalItem.BATCH -> batch(bytes, body, into, start - begin);
                case JournalItem.ACK -> acknowledgements(bytes, body);
                case JournalItem.STATE -> state(bytes, body, offset);
                case JournalItem.COUNT -> {
                    QueueLog log = logs.get(bytes.getLong(body));
                    if (log != null) {
                        log.deliveryCounts().put(bytes.getLong(body + 8), bytes.getInt(body + 16));
                    }
                }
                default -> throw new IllegalStateException(
                        "journal entry " + offset + " holds an item of unknown type " + bytes.getByte(at));
            }
        }
    }

    private void batch(ByteBuf in, int body, Chunk into, int shift) {
        int targets = in.getUnsignedShort(body);
        int batch = body + 2 + targets * JournalItem.TARGET_BYTES;
        for (int i = 0; i < targets; i++) {
            QueueLog log = logs.get(in.getLong(body + 2 + i * JournalItem.TARGET_BYTES));
            if (log != null) {
                place(log, in.getLong(body + 2 + i * JournalItem.TARGET_BYTES + 8), in, batch, into, batch + shift);
            }
        }
    }

    private void place(QueueLog log, long base, ByteBuf in, int batch, Chunk into, int at) {
        int count = RecordBatch.lastOffsetDelta(in, batch) + 1;
        log.restore(0, base + count, 0);
        if (RecordBatch.count(in, batch) < count) {
            acknowledgeGaps(log, base, count, in, batch);
        }
        if (base + count <= log.head()) {
            return;
        }
        Extent extent = log.extents().find(base);
        if (extent == null) {
            extent = new Extent(log, true, base);
            extent.count = count;
            extent.live = count;
            log.extents().insert(extent);
        } else if (extent.inBacklog()) {
            return;
        } else {
            java.util.Objects.requireNonNull(extent.chunk).unlink(extent);
        }
        extent.position = at;
        extent.sizeBytes = RecordBatch.sizeBytes(in, batch);
        into.link(extent);
    }

    /** A batch that was carried on lacks what was acknowledged by then. */
    private void acknowledgeGaps(QueueLog log, long base, int count, ByteBuf in, int batch) {
        long expected = base;
        records.open(in, batch);
        while (records.next()) {
            log.acknowledged().add(expected, base + records.offsetDelta());
            expected = base + records.offsetDelta() + 1;
        }
        records.close();
        log.acknowledged().add(expected, base + count);
    }

    private void acknowledgements(ByteBuf in, int body) {
        QueueLog log = logs.get(in.getLong(body));
        if (log == null) {
            return;
        }
        log.restore(0, 0, in.getLong(body + 8));
        int ranges = in.getInt(body + 16);
        for (int i = 0; i < ranges; i++) {
            long to = in.getLong(body + 28 + i * 16);
            log.acknowledged().add(in.getLong(body + 20 + i * 16), to);
            log.restore(0, to, 0);
        }
        log.passAcknowledged();
        forget(log, log.head());
    }

    private void state(ByteBuf in, int body, long entry) {
        QueueLog log = logs.get(in.getLong(body));
        if (log == null) {
            return;
        }
        log.restore(in.getLong(body + 16), in.getLong(body + 8), in.getLong(body + 24));
        log.stateEntry(entry);
        int at = body + 32;
        for (Extent span : log.spans()) {
            span.live = 0;
        }
        log.extents().sweep();
        int spans = in.getInt(at);
        at += 4;
        for (int i = 0; i < spans; i++, at += 20) {
            Extent span = new Extent(log, true, in.getLong(at));
            span.count = in.getInt(at + 8);
            span.live = span.count;
            span.position = in.getLong(at + 12);
            forgetWithin(log, span.base, span.end());
            log.extents().insert(span);
        }
        int ranges = in.getInt(at);
        at += 4;
        for (int i = 0; i < ranges; i++, at += 16) {
            log.acknowledged().add(in.getLong(at), in.getLong(at + 8));
        }
        int counts = in.getInt(at);
        at += 4;
        log.deliveryCounts().clear();
        for (int i = 0; i < counts; i++, at += 12) {
            log.deliveryCounts().put(in.getLong(at), in.getInt(at + 8));
        }
        log.passAcknowledged();
        forget(log, log.head());
    }

    /** Drops what lies wholly below the head, so that a long replay stays small. */
    private static void forget(QueueLog log, long head) {
        ExtentList extents = log.extents();
        while (!extents.isEmpty() && extents.get(0).end() <= head) {
            drop(extents.get(0));
            extents.died();
        }
    }

    private static void forgetWithin(QueueLog log, long from, long to) {
        ExtentList extents = log.extents();
        for (int i = extents.indexFrom(from); i < extents.size() && extents.get(i).base < to; i++) {
            drop(extents.get(i));
        }
        extents.sweep();
    }

    private static void drop(Extent extent) {
        if (extent.chunk != null && extent.live > 0) {
            extent.chunk.unlink(extent);
        }
        extent.live = 0;
    }

    /** Sorts out what lives. Returns the chunks that hold any of it, in the journal's order. */
    List<Chunk> finish() {
        for (QueueLog log : logs.values()) {
            finish(log);
        }
        chunks.removeIf(candidate -> candidate.live == 0);
        return chunks;
    }

    private static void finish(QueueLog log) {
        log.passAcknowledged();
        ExtentList extents = log.extents();
        long covered = log.head();
        long live = 0;
        for (int i = 0; i < extents.size(); i++) {
            Extent extent = extents.get(i);
            if (extent.base < covered && i > 0) {
                throw new IllegalStateException(
                        "queue log " + log.number() + ": two places for messages " + extent.base + ".."
                                + (Math.min(covered, extent.end()) - 1) + ": " + extents.get(i - 1) + " and " + extent);
            }
            log.acknowledged().add(Math.max(covered, log.head()), extent.base);
            covered = extent.end();
            long from = Math.max(extent.base, log.head());
            int alive = from >= extent.end()
                    ? 0
                    : (int) (extent.end() - from - log.acknowledged().count(from, extent.end()));
            if (alive == 0) {
                drop(extent);
            } else {
                extent.live = alive;
                log.journaledBytes(extent.sizeBytes);
                live += alive;
            }
        }
        log.acknowledged().add(Math.max(covered, log.head()), log.nextOffset());
        extents.sweep();
        log.recovered(live);
        log.deliveryCounts().keySet().removeIf(offset -> !log.isLive(offset));
    }
}
