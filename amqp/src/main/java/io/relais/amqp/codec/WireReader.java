// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a payload, in place and within its bounds (AMQP 0-9-1 4.2.5). Reused from payload to payload; the buffer's indexes are not moved.
 *
 * <p>Every read throws {@link AmqpException} 501 where the payload is cut short, before anything is allocated. Consecutive bits share an octet.
 */
public final class WireReader {
    private @Nullable ByteBuf in;
    private int at;
    private int end;
    private int bits;
    private int nextBit = 8;

    /** Begins a payload. */
    public WireReader reset(ByteBuf in, int index, int length) {
        this.in = in;
        this.at = index;
        this.end = index + length;
        this.nextBit = 8;
        return this;
    }

    ByteBuf buffer() {
        if (in == null) {
            throw new IllegalStateException("reset() first");
        }
        return in;
    }

    /** Where the next field begins in the buffer. */
    public int index() {
        return at;
    }

    public int remaining() {
        return end - at;
    }

    /** @throws AmqpException 501 where something is left */
    public void requireEnd() {
        if (at != end) {
            throw new AmqpException(ReplyCode.FRAME_ERROR, "cannot decode: " + remaining() + " bytes too many");
        }
    }

    /** Passes over {@code length} bytes and returns where they begin. */
    int take(long length) {
        if (length > end - at) {
            throw AmqpException.cutShort();
        }
        int from = at;
        at += (int) length;
        nextBit = 8;
        return from;
    }

    public int u8() {
        return buffer().getUnsignedByte(take(1));
    }

    public int u16() {
        return buffer().getUnsignedShort(take(2));
    }

    public int i32() {
        return buffer().getInt(take(4));
    }

    public long u32() {
        return buffer().getUnsignedInt(take(4));
    }

    /** 64 bits; read them as unsigned where the specification says so. */
    public long u64() {
        return buffer().getLong(take(8));
    }

    /** One of up to eight consecutive bits of an octet, the lowest first. */
    public boolean bit() {
        if (nextBit > 7) {
            bits = u8();
            nextBit = 0;
        }
        return (bits >> nextBit++ & 1) != 0;
    }

    /** @throws AmqpException 501 where it is not UTF-8, as RabbitMQ does */
    public String shortString() {
        int length = u8();
        int from = take(length);
        if (length == 0) {
            return "";
        }
        if (!ByteBufUtil.isText(buffer(), from, length, StandardCharsets.UTF_8)) {
            throw new AmqpException(ReplyCode.FRAME_ERROR, "Malformed UTF-8 in shortstr");
        }
        return buffer().toString(from, length, StandardCharsets.UTF_8);
    }

    /** Passes over a short string if its bytes are these; otherwise reads nothing and returns false. */
    public boolean skipShortString(byte[] expected) {
        if (remaining() <= expected.length || buffer().getUnsignedByte(at) != expected.length) {
            return false;
        }
        ByteBuf buffer = buffer();
        for (int i = 0, index = at + 1; i < expected.length; i++, index++) {
            if (buffer.getByte(index) != expected[i]) {
                return false;
            }
        }
        take(expected.length + 1);
        return true;
    }

    /** A long string: any bytes. */
    public byte[] longString() {
        long length = u32();
        int from = take(length);
        return bytes(from, (int) length);
    }

    /** A long string that is text. */
    String longText() {
        return new String(longString(), StandardCharsets.UTF_8);
    }

    byte[] bytes(int from, int length) {
        byte[] bytes = new byte[length];
        buffer().getBytes(from, bytes);
        return bytes;
    }

    /** A field table. @throws AmqpException 502 where it is malformed, too deep or too large */
    public Map<String, @Nullable Object> table() {
        return FieldTable.read(this);
    }

    /** A reader of the next {@code length} bytes alone, which this one passes over. */
    WireReader part(long length) {
        int from = take(length);
        return new WireReader().reset(buffer(), from, (int) length);
    }

    @Override
    public String toString() {
        return in == null ? "WireReader[]" : "WireReader" + Arrays.toString(bytes(at, Math.min(remaining(), 32)));
    }
}
