// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import io.netty.buffer.ByteBuf;
import io.relais.log.BatchSlice;
import io.relais.log.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/** Batches in memory. Thread: one at a time. */
final class CopiedSlice implements BatchSlice {
    private final ByteBuf bytes;
    private final long endOffset;

    CopiedSlice(ByteBuf bytes, long endOffset) {
        this.bytes = bytes;
        this.endOffset = endOffset;
    }

    /** Those of some batches that hold nothing from {@code end} on; null where there is none. Takes over the buffer. */
    static @Nullable CopiedSlice below(long end, ByteBuf batches) {
        int at = batches.readerIndex();
        long endOffset = -1;
        while (at < batches.writerIndex()) {
            long next = RecordBatch.baseOffset(batches, at) + RecordBatch.lastOffsetDelta(batches, at) + 1;
            if (next > end) {
                break;
            }
            endOffset = next;
            at += RecordBatch.sizeBytes(batches, at);
        }
        if (endOffset < 0) {
            batches.release();
            return null;
        }
        return new CopiedSlice(batches.writerIndex(at), endOffset);
    }

    @Override
    public int sizeBytes() {
        return bytes.readableBytes();
    }

    @Override
    public long endOffset() {
        return endOffset;
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
