// SPDX-License-Identifier: Apache-2.0
package io.relais.log.record;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Steps through the records of an uncompressed batch in place. Reused for batch after batch; allocates nothing.
 *
 * <pre>
 *  length          varint   bytes that follow
 *  attributes      i8
 *  timestampDelta  varlong
 *  offsetDelta     varint
 *  keyLength       varint   -1: no key
 *  key
 *  valueLength     varint   -1: no value
 *  value
 *  headersCount    varint
 *  headers         keyLength varint, key, valueLength varint, value
 * </pre>
 *
 * <p>The batch was verified before: lengths are trusted. Thread: any that may read the buffer; one at a time.
 */
public final class RecordCursor {
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private int at;
    private int remaining;
    private int next;
    private int start;
    private int attributes;
    private int offsetDelta = -1;
    private long timestamp;
    private int keyFieldIndex;
    private int keyIndex;
    private int keyLength;
    private int valueIndex;
    private int valueLength;
    private int headersIndex;
    private int headersCount;

    /** Stands before the first record of the batch at {@code at}. */
    public RecordCursor open(ByteBuf in, int at) {
        this.in = in;
        this.at = at;
        next = at + RecordBatch.RECORDS;
        remaining = RecordBatch.count(in, at);
        offsetDelta = -1;
        return this;
    }

    /** Forgets the buffer. */
    public void close() {
        in = Unpooled.EMPTY_BUFFER;
        remaining = 0;
        at = -1;
        offsetDelta = -1;
    }

    /** Whether it stands in the batch at this place of this very buffer. */
    @SuppressWarnings("ReferenceEquality")
    public boolean isIn(ByteBuf buffer, int index) {
        return in == buffer && at == index;
    }

    /** Goes to the next record; false at the end. */
    public boolean next() {
        if (remaining == 0) {
            return false;
        }
        remaining--;
        start = next;
        int index = next;
        int length = (int) Varint.read(in, index);
        index += Varint.skip(in, index);
        next = index + length;
        attributes = in.getByte(index++);
        timestamp = RecordBatch.baseTimestamp(in, at) + Varint.read(in, index);
        index += Varint.skip(in, index);
        offsetDelta = (int) Varint.read(in, index);
        index += Varint.skip(in, index);
        keyFieldIndex = index;
        keyLength = (int) Varint.read(in, index);
        index += Varint.skip(in, index);
        keyIndex = index;
        index += Math.max(0, keyLength);
        valueLength = (int) Varint.read(in, index);
        index += Varint.skip(in, index);
        valueIndex = index;
        index += Math.max(0, valueLength);
        headersCount = (int) Varint.read(in, index);
        headersIndex = index + Varint.skip(in, index);
        return true;
    }

    /** Goes to the record with this offset delta. Returns false where the batch has none. */
    public boolean seek(int delta) {
        if (offsetDelta >= delta) {
            if (offsetDelta == delta) {
                return true;
            }
            open(in, at);
        }
        while (next()) {
            if (offsetDelta >= delta) {
                return offsetDelta == delta;
            }
        }
        return false;
    }

    public ByteBuf buffer() {
        return in;
    }

    /** Index of the record's first byte, and of the byte after its last. */
    public int start() {
        return start;
    }

    public int end() {
        return next;
    }

    public int attributes() {
        return attributes;
    }

    public int offsetDelta() {
        return offsetDelta;
    }

    public long timestamp() {
        return timestamp;
    }

    /** Index of the key's length: everything from here to the end is independent of the record's place in its batch. */
    public int keyFieldIndex() {
        return keyFieldIndex;
    }

    public int keyIndex() {
        return keyIndex;
    }

    public int keyLength() {
        return keyLength;
    }

    public int valueIndex() {
        return valueIndex;
    }

    public int valueLength() {
        return valueLength;
    }

    /** Index of the first header's key length. */
    public int headersIndex() {
        return headersIndex;
    }

    public int headersCount() {
        return headersCount;
    }
}
