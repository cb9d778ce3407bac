// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import io.netty.buffer.ByteBuf;
import io.relais.log.record.RecordBatch;
import io.relais.log.record.Varint;

/** What a partition looks at in a batch, beside what {@link RecordBatch} names: read in place, at the index where the batch begins. Thread: any that may read the buffer. */
final class Batch {
    static final long NO_PRODUCER = -1;
    static final int NO_SEQUENCE = -1;

    static final int COMPRESSION = 0x07;
    static final int LOG_APPEND_TIME = 0x08;
    static final int TRANSACTIONAL = 0x10;
    static final int CONTROL = 0x20;

    /** Types of control records (KIP-98): the second field of their key. */
    private static final short ABORT = 0;
    private static final short COMMIT = 1;

    private Batch() {}

    static int attributes(ByteBuf in, int at) {
        return in.getShort(at + RecordBatch.ATTRIBUTES);
    }

    static int compression(ByteBuf in, int at) {
        return attributes(in, at) & COMPRESSION;
    }

    static boolean isTransactional(ByteBuf in, int at) {
        return (attributes(in, at) & TRANSACTIONAL) != 0;
    }

    static boolean isControl(ByteBuf in, int at) {
        return (attributes(in, at) & CONTROL) != 0;
    }

    static long producerId(ByteBuf in, int at) {
        return in.getLong(at + RecordBatch.PRODUCER_ID);
    }

    static short producerEpoch(ByteBuf in, int at) {
        return in.getShort(at + RecordBatch.PRODUCER_EPOCH);
    }

    static int baseSequence(ByteBuf in, int at) {
        return in.getInt(at + RecordBatch.BASE_SEQUENCE);
    }

    static void leaderEpoch(ByteBuf in, int at, int epoch) {
        in.setInt(at + RecordBatch.LEADER_EPOCH, epoch);
    }

    /** The sequence that many records behind another: after 2^31-1 comes 0. */
    static int sequenceAfter(int sequence, int records) {
        return (int) (((long) sequence + records) & Integer.MAX_VALUE);
    }

    /** The marker that ends a transaction, as it stands in a control batch. */
    record Marker(boolean commit, int coordinatorEpoch) {}

    /**
     * Reads the marker of a control batch, as it is in the log: one record with the key (version i16, type i16) and the value (version i16, coordinatorEpoch i32). Null where it is none that ends a
     * transaction, or where compaction has taken it out.
     */
    static @org.jspecify.annotations.Nullable Marker marker(ByteBuf in, int at) {
        if (RecordBatch.count(in, at) == 0) {
            return null;
        }
        int index = at + RecordBatch.RECORDS;
        index += Varint.skip(in, index) + 1; // length, attributes
        index += Varint.skip(in, index); // timestampDelta
        index += Varint.skip(in, index); // offsetDelta
        int keyLength = (int) Varint.read(in, index);
        index += Varint.skip(in, index);
        if (keyLength < 4) {
            return null;
        }
        short type = in.getShort(index + 2);
        index += keyLength;
        int valueLength = (int) Varint.read(in, index);
        index += Varint.skip(in, index);
        if ((type != COMMIT && type != ABORT) || valueLength < 6) {
            return null;
        }
        return new Marker(type == COMMIT, in.getInt(index + 2));
    }
}
