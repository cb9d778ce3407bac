// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Reads a message of Kafka's library from a frame, without copying records: remembers where in the frame they are, so that the log can be given those very bytes.
 *
 * <p>Thread: the owner. Reading behind the end fails with an {@link IndexOutOfBoundsException}.
 */
final class FrameReadable implements Readable {
    private final ByteBuf in;
    private final List<Placed> records = new ArrayList<>(1);
    private int next;

    private record Placed(MemoryRecords records, int start, int length) {}

    FrameReadable(ByteBuf in) {
        this.in = in;
    }

    /** The bytes of records that were read from here, as a slice that shares the frame's life. In the order of reading this costs nothing. */
    @SuppressWarnings("ReferenceEquality") // the very object: another one with the same bytes is somewhere else
    ByteBuf bytesOf(MemoryRecords wanted) {
        for (int i = 0; i < records.size(); i++) {
            Placed placed = records.get((next + i) % records.size());
            if (placed.records() == wanted) {
                next = (next + i + 1) % records.size();
                return in.slice(placed.start(), placed.length());
            }
        }
        throw new IllegalArgumentException("these records are not of this request");
    }

    @Override
    public MemoryRecords readRecords(int length) {
        int start = in.readerIndex();
        MemoryRecords read = MemoryRecords.readableRecords(readByteBuffer(length));
        records.add(new Placed(read, start, length));
        return read;
    }

    @Override
    public byte readByte() {
        return in.readByte();
    }

    @Override
    public short readShort() {
        return in.readShort();
    }

    @Override
    public int readInt() {
        return in.readInt();
    }

    @Override
    public long readLong() {
        return in.readLong();
    }

    @Override
    public double readDouble() {
        return in.readDouble();
    }

    @Override
    public byte[] readArray(int length) {
        check(length);
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return bytes;
    }

    @Override
    public int readUnsignedVarint() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte b = in.readByte();
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a variable-length number of more than 5 bytes");
    }

    @Override
    public ByteBuffer readByteBuffer(int length) {
        check(length);
        ByteBuffer bytes = in.nioBuffer(in.readerIndex(), length);
        in.skipBytes(length);
        return bytes;
    }

    private void check(int length) {
        if (length < 0 || length > in.readableBytes()) {
            throw new IndexOutOfBoundsException(
                    "a field of " + length + " bytes where " + in.readableBytes() + " are left");
        }
    }

    @Override
    public int readVarint() {
        int value = readUnsignedVarint();
        return (value >>> 1) ^ -(value & 1);
    }

    @Override
    public long readVarlong() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte b = in.readByte();
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new IllegalArgumentException("a variable-length number of more than 10 bytes");
    }

    @Override
    public int remaining() {
        return in.readableBytes();
    }

    @Override
    public Readable slice() {
        return new FrameReadable(in.slice());
    }
}
