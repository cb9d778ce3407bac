// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import io.relais.broker.Message;
import io.relais.log.record.BatchBuilder;
import io.relais.log.record.RecordBatch;
import io.relais.log.record.RecordCursor;
import org.jspecify.annotations.Nullable;

/**
 * Where messages are appended: the end of the newest chunk, and the batch that is open there. A shard has two lanes: what goes to the journal, and what stays in memory.
 *
 * <p>Thread: the owner. Messages for the same target share a batch until the round ends or the batch is large.
 */
final class Lane {
    private static final int BATCH_BYTES = 64 << 10;
    private static final int BATCH_RECORDS = 1000;

    private final TailMemory memory;
    private final Commits commits;
    private final boolean durable;
    private final BatchBuilder batch = new BatchBuilder();

    private @Nullable Chunk chunk;
    private @Nullable Target target;
    private boolean persistent;
    private Extent[] extents = new Extent[1];
    private int itemAt;

    Lane(TailMemory memory, Commits commits, boolean durable) {
        this.memory = memory;
        this.commits = commits;
        this.durable = durable;
    }

    /** Appends a message to every log of a target. */
    @SuppressWarnings("ReferenceEquality") // the same target object is the same target; equal ones merely do not share a batch
    void append(Target to, Message message, long nowMs) {
        int bytes = QueueRecord.sizeBytes(message);
        if (target != to || persistent != message.persistent() || batch.records() >= BATCH_RECORDS
                || batch.sizeBytes() + bytes > BATCH_BYTES
                || room() < bytes
                || batch.baseTimestamp() != nowMs) {
            closeBatch();
            openBatch(to, message.persistent(), bytes, nowMs);
        }
        int delta = batch.nextOffsetDelta();
        QueueRecord.write(batch.out(), delta, message, nowMs);
        for (int i = 0; i < to.logs.length; i++) {
            Extent extent = extents[i];
            extent.count++;
            extent.live++;
            to.logs[i].appended();
        }
    }

    /** Finishes the open batch, if there is one: from now on it can be read. */
    void closeBatch() {
        Target closed = target;
        if (closed == null) {
            return;
        }
        target = null;
        int size = batch.finish(extents[0].base);
        JournalItem.end(batch.out(), itemAt);
        commits.added(durable);
        for (int i = 0; i < closed.logs.length; i++) {
            extents[i].sizeBytes = size;
            closed.logs[i].journaledBytes(size);
        }
        Arrays.fill(extents, null);
    }

    /** Appends one live extent again, filtered of what is acknowledged: its batch gets a new place, its offsets stay. */
    void copyForward(Extent extent) {
        closeBatch();
        Chunk old = java.util.Objects.requireNonNull(extent.chunk);
        ByteBuf in = old.memory();
        int at = (int) extent.position;
        QueueLog log = extent.log;
        boolean targeted = extent.durable;
        ByteBuf out = reserve(JournalItem.HEADER_BYTES + 2 + JournalItem.TARGET_BYTES + extent.sizeBytes);
        int item = JournalItem.begin(out, JournalItem.BATCH);
        out.writeShort(targeted ? 1 : 0);
        if (targeted) {
            out.writeLong(log.number());
            out.writeLong(extent.base);
        }
        int batchAt = out.writerIndex();
        int size;
        if (extent.live == RecordBatch.count(in, at)) {
            size = extent.sizeBytes;
            out.writeBytes(in, at, size);
            RecordBatch.baseOffset(out, batchAt, extent.base);
        } else {
            batch.begin(out, RecordBatch.baseTimestamp(in, at));
            RecordCursor records = new RecordCursor().open(in, at);
            while (records.next()) {
                if (log.isLive(extent.base + records.offsetDelta())) {
                    batch.copy(records, records.offsetDelta());
                }
            }
            size = batch.finish(extent.base, extent.count - 1);
        }
        JournalItem.end(out, item);
        commits.added(durable);
        log.moved(extent, size, java.util.Objects.requireNonNull(chunk), batchAt);
    }

    /** Makes room for {@code bytes} in one piece and returns the buffer to write them to, at its writer index. Closes the open batch. */
    ByteBuf reserve(int bytes) {
        closeBatch();
        if (room() < bytes) {
            roll();
            chunk = memory.allocate(bytes);
        }
        Chunk current = java.util.Objects.requireNonNull(chunk);
        if (durable) {
            commits.dirty(current);
        }
        return current.memory();
    }

    /** Ends the current chunk: the next append begins another. */
    void roll() {
        closeBatch();
        Chunk ended = chunk;
        if (ended != null) {
            chunk = null;
            ended.open = false;
            memory.releaseIfDead(ended);
        }
    }

    private void openBatch(Target to, boolean persistentMessages, int firstRecordBytes, long nowMs) {
        int targets = durable ? to.surviving(persistentMessages) : 0;
        if (!durable && chunk != null && chunk.live == 0 && chunk.pins == 0) {
            chunk.memory().clear(); // what was in memory only is consumed: its place is still in the processor's cache
        }
        int needed = JournalItem.HEADER_BYTES + 2 + targets * JournalItem.TARGET_BYTES + RecordBatch.HEADER_BYTES
                + firstRecordBytes;
        ByteBuf out = reserve(needed);
        Chunk current = java.util.Objects.requireNonNull(chunk);
        itemAt = JournalItem.begin(out, JournalItem.BATCH);
        out.writeShort(targets);
        if (extents.length < to.logs.length) {
            extents = new Extent[to.logs.length];
        }
        for (int i = 0; i < to.logs.length; i++) {
            QueueLog log = to.logs[i];
            boolean survives = durable && log.survives(persistentMessages);
            if (survives) {
                out.writeLong(log.number());
                out.writeLong(log.nextOffset());
            }
            extents[i] = log.begin(survives);
        }
        batch.begin(out, nowMs);
        for (int i = 0; i < to.logs.length; i++) {
            extents[i].position = batch.at();
            current.link(extents[i]);
        }
        target = to;
        persistent = persistentMessages;
    }

    private int room() {
        return chunk == null ? 0 : chunk.capacity - chunk.memory().writerIndex();
    }
}
