// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Appends of one log between the owner, who gives them their offsets, and the loop that writes.
 *
 * <p>Thread: {@link #add} and {@link #roll} from the owner; the rest from any. Bounds: whoever appends looks at {@link #bytes}.
 */
final class AppendQueue {
    private final AtomicReference<@Nullable PendingAppend> waiting = new AtomicReference<>();
    private final AtomicInteger unwritten = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private volatile long nextOffset;
    private boolean newFile;

    AppendQueue(long nextOffset) {
        this.nextOffset = nextOffset;
    }

    long nextOffset() {
        return nextOffset;
    }

    /** Bytes of appends that are not written yet. */
    long bytes() {
        return bytes.get();
    }

    /** Asks for a new file before the next append. */
    void roll() {
        newFile = true;
    }

    /** Takes batches over; returns whether a turn of the loop must be asked for. */
    boolean add(ByteBuf batches, int count) {
        bytes.addAndGet(batches.readableBytes());
        PendingAppend append = new PendingAppend(batches, nextOffset + count, newFile);
        newFile = false;
        nextOffset = append.endOffset;
        do {
            append.next = waiting.get();
        } while (!waiting.compareAndSet(append.next, append));
        return unwritten.getAndIncrement() == 0;
    }

    /** What {@link #isDone} takes at the end of a turn. */
    int begin() {
        return unwritten.get();
    }

    /** Ends a turn; returns false where more has come meanwhile, and another turn must be asked for. */
    boolean isDone(int begun) {
        return unwritten.addAndGet(-begun) == 0;
    }

    /** Takes what waits, in order; {@link #release} follows. */
    @Nullable
    PendingAppend take() {
        return PendingAppend.inOrder(waiting.getAndSet(null));
    }

    /** Releases appends that were taken; returns the end of the last one. */
    long release(PendingAppend first) {
        long end = 0;
        long released = 0;
        for (PendingAppend append = first; append != null; append = append.next) {
            end = append.endOffset;
            released += append.bytes();
            append.batches.release();
        }
        bytes.addAndGet(-released);
        return end;
    }
}
