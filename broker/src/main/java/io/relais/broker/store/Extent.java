// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of one queue's log, and where its records are: one batch in a {@link Chunk}, or a span of batches in the queue's {@link Backlog}.
 *
 * <p>Thread: the owner. Memory: 56 bytes.
 */
final class Extent {
    final QueueLog log;

    /** Whether it survives a restart, so that its acknowledgements are journaled. */
    final boolean durable;

    /** Offset in the queue's log of its first record. */
    final long base;

    /** Offsets it covers, gaps and acknowledged ones included. */
    int count;

    /** Records in it that are not acknowledged. */
    int live;

    /** Where its batch is; null: in the backlog. */
    @Nullable
    Chunk chunk;

    /** In a chunk: index of the batch. In a backlog: the backlog's offset of the first record. */
    long position;

    /** Bytes of its batch; 0 in a backlog. */
    int sizeBytes;

    /** Neighbours in the chunk's list of live extents. */
    @Nullable
    Extent previous;

    @Nullable
    Extent next;

    Extent(QueueLog log, boolean durable, long base) {
        this.log = log;
        this.durable = durable;
        this.base = base;
    }

    long end() {
        return base + count;
    }

    boolean covers(long offset) {
        return offset >= base && offset < base + count;
    }

    @Override
    public String toString() {
        return base + ".." + (end() - 1) + (inBacklog() ? " in the backlog at " + position : " in the journal");
    }

    boolean inBacklog() {
        return chunk == null;
    }
}
