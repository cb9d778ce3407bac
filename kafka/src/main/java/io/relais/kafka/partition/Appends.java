// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.apache.kafka.common.protocol.Errors;

/**
 * Appends that are not below the high watermark yet, and who waits for them.
 *
 * <p>Thread: the owner. Memory: an object for each; bounded by the produce requests in flight.
 */
final class Appends {
    private final Deque<Waiting> unwritten = new ArrayDeque<>();
    private final Deque<Waiting> invisible = new ArrayDeque<>();
    private long appendedBytes;
    private long visibleBytes;

    /** @param totalBytes of all appends up to this one */
    private record Waiting(long baseOffset, long endOffset, long totalBytes, Partition.Acks acks,
            Partition.AppendListener listener) {}

    /** Notes what was appended. */
    void add(long baseOffset, long endOffset, int bytes, Partition.Acks acks, Partition.AppendListener listener) {
        appendedBytes += bytes;
        put(new Waiting(baseOffset, endOffset, appendedBytes, acks, listener));
    }

    /** Somebody else waits for what was appended before. */
    void await(long baseOffset, long endOffset, Partition.Acks acks, Partition.AppendListener listener) {
        put(new Waiting(baseOffset, endOffset, appendedBytes, acks, listener));
    }

    private void put(Waiting waiting) {
        invisible.add(waiting);
        if (waiting.acks() == Partition.Acks.WRITTEN) {
            unwritten.add(waiting);
        }
    }

    /** Bytes of all appends since the partition was opened. */
    long appendedBytes() {
        return appendedBytes;
    }

    /** As {@link #appendedBytes}, of what consumers may read. Only grows: what it grew by is what there is to read. */
    long visibleBytes() {
        return visibleBytes;
    }

    /** Tells those whose batches have come far enough. */
    void advanced(long written, long highWatermark) {
        Waiting next = unwritten.peek();
        while (next != null && next.endOffset() <= written) {
            unwritten.remove();
            next.listener().done(next.baseOffset());
            next = unwritten.peek();
        }
        next = invisible.peek();
        while (next != null && next.endOffset() <= highWatermark) {
            invisible.remove();
            visibleBytes = next.totalBytes();
            if (next.acks() == Partition.Acks.REPLICATED) {
                next.listener().done(next.baseOffset());
            }
            next = invisible.peek();
        }
    }

    /** Nothing of this will come further. */
    void fail(Errors why) {
        List<Waiting> failed = new ArrayList<>(unwritten);
        invisible.stream().filter(each -> each.acks() == Partition.Acks.REPLICATED).forEach(failed::add);
        unwritten.clear();
        invisible.clear();
        failed.forEach(each -> each.listener().failed(why));
    }
}
