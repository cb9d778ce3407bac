// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Writes fields at the end of a buffer (AMQP 0-9-1 4.2.5). Consecutive bits share an octet. */
public final class WireWriter {
    private final ByteBuf out;
    private int bitsAt = -1;
    private int nextBit;

    public WireWriter(ByteBuf out) {
        this.out = out;
    }

    private ByteBuf next() {
        bitsAt = -1;
        return out;
    }

    /** Bytes written so far to the buffer. */
    int position() {
        return out.writerIndex();
    }

    public WireWriter u8(int value) {
        next().writeByte(value);
        return this;
    }

    public WireWriter u16(int value) {
        next().writeShort(value);
        return this;
    }

    public WireWriter u32(long value) {
        next().writeInt((int) value);
        return this;
    }

    public WireWriter u64(long value) {
        next().writeLong(value);
        return this;
    }

    /** One of up to eight consecutive bits of an octet, the lowest first. */
    public WireWriter bit(boolean value) {
        if (bitsAt < 0 || nextBit > 7) {
            bitsAt = out.writerIndex();
            nextBit = 0;
            out.writeByte(0);
        }
        if (value) {
            out.setByte(bitsAt, out.getByte(bitsAt) | 1 << nextBit);
        }
        nextBit++;
        return this;
    }

    /** @throws IllegalArgumentException where it is longer than 255 bytes */
    public WireWriter shortString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > ShortString.MAX_BYTES) {
            throw new IllegalArgumentException("longer than 255 bytes: " + text);
        }
        next().writeByte(bytes.length).writeBytes(bytes);
        return this;
    }

    WireWriter longString(String text) {
        return longText(text);
    }

    public WireWriter longText(String text) {
        return longString(text.getBytes(StandardCharsets.UTF_8));
    }

    public WireWriter longString(byte[] bytes) {
        next().writeInt(bytes.length).writeBytes(bytes);
        return this;
    }

    /** @throws IllegalArgumentException where a value has no field type, or a name is longer than 255 bytes */
    public WireWriter table(Map<String, @Nullable Object> table) {
        next();
        FieldTable.write(this, table);
        return this;
    }

    /** Sets the length field at {@code position} to the number of bytes written after it. */
    void patchLength(int position) {
        out.setInt(position, out.writerIndex() - position - 4);
    }
}
