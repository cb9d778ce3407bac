// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import io.netty.buffer.ByteBuf;
import io.relais.log.record.RecordBatch;

/** Whole batches one after the other in a buffer. Thread: any that may use the buffer. */
final class BatchSequence {
    private BatchSequence() {}

    /** How many offsets they take, -1 where the bytes are not whole batches. */
    static long records(ByteBuf batches) {
        long records = 0;
        int at = batches.readerIndex();
        while (at < batches.writerIndex()) {
            int left = batches.writerIndex() - at;
            if (left < RecordBatch.HEADER_BYTES || batches.getByte(at + RecordBatch.MAGIC) != 2) {
                return -1;
            }
            int size = RecordBatch.sizeBytes(batches, at);
            int last = RecordBatch.lastOffsetDelta(batches, at);
            if (size < RecordBatch.HEADER_BYTES || size > left || last < 0) {
                return -1;
            }
            records += last + 1L;
            at += size;
        }
        return records;
    }

    /** Gives each its base offset, in place. */
    static void stamp(ByteBuf batches, long offset) {
        long next = offset;
        for (int at = batches.readerIndex(); at < batches.writerIndex(); at += RecordBatch.sizeBytes(batches, at)) {
            RecordBatch.baseOffset(batches, at, next);
            next += RecordBatch.lastOffsetDelta(batches, at) + 1L;
        }
    }
}
