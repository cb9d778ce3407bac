// SPDX-License-Identifier: Apache-2.0
package io.relais.log.journal;

import java.util.zip.CRC32C;

import io.netty.buffer.ByteBuf;
import io.relais.log.record.Crc;

/**
 * One entry in a journal file. All integers are big-endian.
 *
 * <pre>
 *  at  field         type
 *   0  magic         u32   "RJF1"
 *   4  crc           u32   CRC-32C of everything from generation to the end of the payload
 *   8  generation    u64   see {@link FileHeader}: no stale byte of a recycled file has it
 *  16  firstOffset   i64   offset of the entry's first record
 *  24  durableBelow  i64   every entry below this offset was synced when this frame was written
 *  32  count         i32   records in the entry; 0 for a mark, which has no payload
 *  36  length        i32   bytes of the payload
 *  40  payload
 * </pre>
 *
 * <p>A frame begins at a multiple of 512 bytes, so that writing it never touches a sector that was synced with the one before. {@code durableBelow} tells a torn tail from a
 * damaged middle: bad bytes before a frame that was written after their sync were durable once. A <b>mark</b> is written where a file begins and when a journal is closed: it carries
 * {@code firstOffset} and {@code durableBelow} only.
 */
final class Frame {
    static final int MAGIC_AT = 0;
    static final int CRC_AT = MAGIC_AT + 4;
    static final int GENERATION_AT = CRC_AT + 4;
    static final int FIRST_OFFSET_AT = GENERATION_AT + 8;
    static final int DURABLE_BELOW_AT = FIRST_OFFSET_AT + 8;
    static final int COUNT_AT = DURABLE_BELOW_AT + 8;
    static final int LENGTH_AT = COUNT_AT + 4;
    static final int HEADER_BYTES = LENGTH_AT + 4;

    /** What a disk writes as a whole. */
    static final int ALIGNMENT_BYTES = 512;

    private static final int MAGIC = 0x524a4631;

    private Frame() {}

    /** Bytes a frame takes in the file. */
    static long sizeBytes(int length) {
        return ((long) HEADER_BYTES + length + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
    }

    /** Appends a header to {@code out}. */
    static void writeHeader(ByteBuf out, CRC32C crc, long generation, long firstOffset, long durableBelow, int count,
            ByteBuf payload) {
        int length = payload.readableBytes();
        int at = out.writerIndex();
        out.writeInt(MAGIC).writeInt(0).writeLong(generation).writeLong(firstOffset).writeLong(durableBelow);
        out.writeInt(count).writeInt(length);
        crc.reset();
        Crc.update(crc, out, at + GENERATION_AT, HEADER_BYTES - GENERATION_AT);
        if (length > 0) {
            Crc.update(crc, payload, payload.readerIndex(), length);
        }
        out.setInt(at + CRC_AT, (int) crc.getValue());
    }

    /** Whether a header of this generation stands at {@code at}; its checksum is not looked at. */
    static boolean isHeader(ByteBuf in, int at, long generation) {
        return in.getInt(at + MAGIC_AT) == MAGIC && in.getLong(at + GENERATION_AT) == generation;
    }

    /** Whether a whole frame at {@code at} matches its checksum. */
    static boolean matches(ByteBuf in, int at) {
        return Crc.of(in, at + GENERATION_AT, HEADER_BYTES - GENERATION_AT + length(in, at)) == crc(in, at);
    }

    static int crc(ByteBuf in, int at) {
        return in.getInt(at + CRC_AT);
    }

    static long firstOffset(ByteBuf in, int at) {
        return in.getLong(at + FIRST_OFFSET_AT);
    }

    static long durableBelow(ByteBuf in, int at) {
        return in.getLong(at + DURABLE_BELOW_AT);
    }

    static int count(ByteBuf in, int at) {
        return in.getInt(at + COUNT_AT);
    }

    static int length(ByteBuf in, int at) {
        return in.getInt(at + LENGTH_AT);
    }
}
