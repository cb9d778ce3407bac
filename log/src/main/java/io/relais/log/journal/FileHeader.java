// SPDX-License-Identifier: Apache-2.0
package io.relais.log.journal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.record.Crc;
import org.jspecify.annotations.Nullable;

/**
 * The first sector of a journal file, durable before the file gets its name. All integers are big-endian.
 *
 * <pre>
 *  at  field     type
 *   0  magic     u64   "RELAISJ1"
 *   8  crc       u32   CRC-32C of everything behind
 *  12  number    i64   of the file, as in its name
 *  20  salt      i64   of the journal
 *  28  capacity  i64   bytes of the whole file
 * </pre>
 *
 * <p>Number and salt make the <b>generation</b> that each frame carries. The salt is random, so that no message can be made to look like a frame.
 */
record FileHeader(long number, long salt, long capacity) {
    /** Bytes from the beginning of the file to its first frame. */
    static final int SIZE_BYTES = Frame.ALIGNMENT_BYTES;

    private static final long MAGIC = 0x52454c4149534a31L;
    private static final int BODY_AT = 12;
    private static final int END = BODY_AT + 24;

    static long generation(long salt, long number) {
        long mixed = (salt + number * 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L; // constants of SplitMix64
        return mixed ^ mixed >>> 31;
    }

    ByteBuf encode() {
        ByteBuf out = Unpooled.buffer(SIZE_BYTES);
        out.writeLong(MAGIC).writeInt(0).writeLong(number).writeLong(salt).writeLong(capacity);
        out.setInt(8, Crc.of(out, BODY_AT, END - BODY_AT));
        return out.writeZero(SIZE_BYTES - END);
    }

    /** @return null where the bytes are no sound header */
    static @Nullable FileHeader decode(ByteBuf in) {
        if (in.readableBytes() < END || in.getLong(0) != MAGIC || in.getInt(8) != Crc.of(in, BODY_AT, END - BODY_AT)) {
            return null;
        }
        return new FileHeader(in.getLong(BODY_AT), in.getLong(BODY_AT + 8), in.getLong(BODY_AT + 16));
    }

}
