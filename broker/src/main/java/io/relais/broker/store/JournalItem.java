// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import io.netty.buffer.ByteBuf;

/**
 * What stands in an entry of a shard's journal: items, one after another. All integers are big-endian.
 *
 * <pre>
 *  item    type u8, length u32 (bytes that follow), then by type:
 *  BATCH   n u16, n × (log i64, base offset i64), record batch v2
 *          the batch stands at these offsets in the durable logs of n queues; n = 0: in none, it does not survive a restart
 *  ACK     log i64, delivered-below i64, n u32, n × (from i64, to i64)
 *          offsets from..to-1 are acknowledged; offsets below delivered-below were delivered to somebody
 *  STATE   log i64, next i64, head i64, delivered-below i64,
 *          s u32, s × (base i64, count i32, backlog offset i64)     what is in the queue's backlog
 *          r u32, r × (from i64, to i64)                            what is acknowledged above the head
 *          c u32, c × (offset i64, count i32)                       delivery counts
 *          replaces all that came before of spans, acknowledgements and counts
 *  COUNT   log i64, offset i64, count i32                           a quorum queue's delivery count of one message
 * </pre>
 *
 * <p>An entry carries its own checksum (the journal's), a batch another.
 */
final class JournalItem {
    static final byte BATCH = 1;
    static final byte ACK = 2;
    static final byte STATE = 3;
    static final byte COUNT = 4;

    static final int HEADER_BYTES = 5;

    /** Bytes of a target of a batch. */
    static final int TARGET_BYTES = 16;

    private JournalItem() {}

    /** Begins an item at the writer index. Returns its index, for {@link #end}. */
    static int begin(ByteBuf out, byte type) {
        int at = out.writerIndex();
        out.writeByte(type);
        out.writeInt(0);
        return at;
    }

    /** Ends the item that began at an index: writes its length. */
    static void end(ByteBuf out, int at) {
        out.setInt(at + 1, out.writerIndex() - at - HEADER_BYTES);
    }

    /** Bytes of the item at an index, header included. */
    static int sizeBytes(ByteBuf in, int at) {
        return in.getInt(at + 1) + HEADER_BYTES;
    }
}
