// SPDX-License-Identifier: Apache-2.0
package io.relais.log.record;

import io.netty.buffer.ByteBuf;

/**
 * Builds one batch at the end of a buffer: {@link #begin}, then records written at the writer index by whoever knows what is in them, each announced by {@link #nextOffsetDelta}, then
 * {@link #finish}. Reused for batch after batch; allocates nothing.
 *
 * <p>Thread: the owner of the buffer.
 */
public final class BatchBuilder {
    private static final long NO_PRODUCER = -1;

    private ByteBuf out = io.netty.buffer.Unpooled.EMPTY_BUFFER;
    private int at;
    private int records;
    private int lastOffsetDelta;
    private long baseTimestamp;
    private long maxTimestamp;

    /** Begins a batch at the buffer's writer index. Records have the timestamp given here, but for those copied. */
    public void begin(ByteBuf out, long timestampMs) {
        this.out = out;
        at = out.writerIndex();
        records = 0;
        lastOffsetDelta = -1;
        baseTimestamp = timestampMs;
        maxTimestamp = timestampMs;
        out.writerIndex(at + RecordBatch.HEADER_BYTES);
    }

    /** Counts a record that follows the one before without a gap. Returns its offset delta. */
    public int nextOffsetDelta() {
        records++;
        return ++lastOffsetDelta;
    }

    /** Counts a record at a delta above the last one: what lies between is a gap. */
    public void offsetDelta(int delta) {
        records++;
        lastOffsetDelta = delta;
    }

    /** Copies the record a cursor stands on, as the record with this offset delta. */
    public void copy(RecordCursor from, int delta) {
        long timestampDelta = from.timestamp() - baseTimestamp;
        int rest = from.end() - from.keyFieldIndex();
        int length = 1 + Varint.size(timestampDelta) + Varint.size(delta) + rest;
        Varint.write(out, length);
        out.writeByte(from.attributes());
        Varint.write(out, timestampDelta);
        Varint.write(out, delta);
        out.writeBytes(from.buffer(), from.keyFieldIndex(), rest);
        maxTimestamp = Math.max(maxTimestamp, from.timestamp());
        offsetDelta(delta);
    }

    public int records() {
        return records;
    }

    public long baseTimestamp() {
        return baseTimestamp;
    }

    public ByteBuf out() {
        return out;
    }

    /** Index of the batch in its buffer. */
    public int at() {
        return at;
    }

    /** Bytes so far, header included. */
    public int sizeBytes() {
        return out.writerIndex() - at;
    }

    /** Writes the header. Returns the batch's size in bytes. */
    public int finish(long baseOffset) {
        return finish(baseOffset, lastOffsetDelta);
    }

    /** As {@link #finish(long)}, with a last offset delta at or above that of the last record: the end of the batch is a gap. */
    public int finish(long baseOffset, int endOffsetDelta) {
        int size = sizeBytes();
        out.setLong(at + RecordBatch.BASE_OFFSET, baseOffset);
        out.setInt(at + RecordBatch.LENGTH, size - RecordBatch.LENGTH_OVERHEAD);
        out.setInt(at + RecordBatch.LEADER_EPOCH, 0);
        out.setByte(at + RecordBatch.MAGIC, 2);
        out.setShort(at + RecordBatch.ATTRIBUTES, 0);
        out.setInt(at + RecordBatch.LAST_OFFSET_DELTA, endOffsetDelta);
        out.setLong(at + RecordBatch.BASE_TIMESTAMP, baseTimestamp);
        out.setLong(at + RecordBatch.MAX_TIMESTAMP, maxTimestamp);
        out.setLong(at + RecordBatch.PRODUCER_ID, NO_PRODUCER);
        out.setShort(at + RecordBatch.PRODUCER_EPOCH, -1);
        out.setInt(at + RecordBatch.BASE_SEQUENCE, -1);
        out.setInt(at + RecordBatch.RECORDS_COUNT, records);
        out.setInt(at + RecordBatch.CRC, RecordBatch.checksum(out, at, size));
        return size;
    }
}
