// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Writes a message of Kafka's library into a buffer. Records that are in a file are not copied: the buffer is cut there, and the region takes its place among the parts.
 *
 * <p>Thread: the owner; one response each.
 */
final class ByteBufWritable implements Writable {
    private final ByteBuf out;
    private final List<Object> parts = new ArrayList<>(1);

    ByteBufWritable(ByteBuf out) {
        this.out = out;
    }

    /** What is to be written to the channel, in order. The caller releases it; the buffer itself belongs to it. */
    List<Object> parts() {
        if (parts.isEmpty()) {
            return List.of(out);
        }
        cut();
        out.release();
        return parts;
    }

    private void cut() {
        if (out.isReadable()) {
            parts.add(out.readRetainedSlice(out.readableBytes()));
        }
    }

    @Override
    public void writeRecords(BaseRecords records) {
        if (records instanceof SliceRecords slice) {
            cut();
            parts.add(slice.take());
        } else if (records instanceof MemoryRecords memory) {
            out.writeBytes(memory.buffer().duplicate());
        } else {
            throw new IllegalArgumentException("records of an unknown kind: " + records.getClass());
        }
    }

    @Override
    public void writeByte(byte value) {
        out.writeByte(value);
    }

    @Override
    public void writeShort(short value) {
        out.writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        out.writeInt(value);
    }

    @Override
    public void writeLong(long value) {
        out.writeLong(value);
    }

    @Override
    public void writeDouble(double value) {
        out.writeDouble(value);
    }

    @Override
    public void writeByteArray(byte[] value) {
        out.writeBytes(value);
    }

    @Override
    public void writeUnsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            out.writeByte((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    @Override
    public void writeByteBuffer(ByteBuffer value) {
        out.writeBytes(value.duplicate());
    }

    @Override
    public void writeVarint(int value) {
        writeUnsignedVarint((value << 1) ^ (value >> 31));
    }

    @Override
    public void writeVarlong(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            out.writeByte(((int) rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }
}
