// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.record.RecordBatch;

/** Record batches whose records are not looked at. */
public final class Batches {
    private Batches() {}

    /** One batch of {@code count} offsets around the given bytes. */
    public static ByteBuf batch(int count, long timestampMs, byte... records) {
        int size = RecordBatch.HEADER_BYTES + records.length;
        ByteBuf out = Unpooled.buffer(size).writeZero(RecordBatch.HEADER_BYTES).writeBytes(records);
        out.setInt(RecordBatch.LENGTH, size - RecordBatch.LENGTH_OVERHEAD);
        out.setByte(RecordBatch.MAGIC, 2);
        out.setInt(RecordBatch.LAST_OFFSET_DELTA, count - 1);
        out.setLong(RecordBatch.BASE_TIMESTAMP, timestampMs);
        out.setLong(RecordBatch.MAX_TIMESTAMP, timestampMs);
        out.setInt(RecordBatch.RECORDS_COUNT, count);
        out.setInt(RecordBatch.CRC, RecordBatch.checksum(out, 0, size));
        return out;
    }
}
