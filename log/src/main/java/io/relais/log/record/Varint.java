// SPDX-License-Identifier: Apache-2.0
package io.relais.log.record;

import io.netty.buffer.ByteBuf;

/** Variable-length integers as records use them: zig-zag, then base 128, least significant group first (Protocol Buffers, "Encoding"). */
public final class Varint {
    /** Most bytes that a 32-bit value takes. */
    public static final int MAX_INT_BYTES = 5;

    private Varint() {}

    /** Bytes that a value takes, 1 to 10. */
    public static int size(long value) {
        long zigzag = (value << 1) ^ (value >> 63);
        return (70 - Long.numberOfLeadingZeros(zigzag | 1)) / 7;
    }

    /** Writes a value at the writer index. A 32-bit value has the same form as the equal 64-bit one. */
    public static void write(ByteBuf out, long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            out.writeByte((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    /** Reads the value that begins at an index. Its size is {@link #size} of it: writers always choose the shortest form. */
    public static long read(ByteBuf in, int index) {
        byte first = in.getByte(index);
        if (first >= 0) {
            long value = first;
            return (value >>> 1) ^ -(value & 1);
        }
        long zigzag = first & 0x7f;
        int shift = 7;
        byte group;
        do {
            if (shift > 63) {
                throw new IllegalArgumentException("varint longer than 10 bytes");
            }
            group = in.getByte(++index);
            zigzag |= (long) (group & 0x7f) << shift;
            shift += 7;
        } while (group < 0);
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    /** Bytes that the value at an index takes on the wire, whether or not it is in shortest form. */
    public static int skip(ByteBuf in, int index) {
        int bytes = 1;
        while (in.getByte(index++) < 0) {
            bytes++;
        }
        return bytes;
    }
}
