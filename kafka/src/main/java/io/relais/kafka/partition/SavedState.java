// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.LogStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept beside the log of a partition. Only the first offset cannot be derived from the log; the rest saves a scan.
 *
 * <pre>
 *  version         u8    1
 *  firstOffset     i64   the lowest offset that may be read: DeleteRecords moved it there
 *  end             i64   producers and aborted transactions are those of the batches below; -1: they are not here
 *  producers       i32   each: id i64, epoch i16, coordinatorEpoch i32, lastTimestamp i64, transactionFirstOffset i64,
 *                        batches u8, each: lastSequence i32, lastOffset i64, offsetDelta i32
 *  aborted         i32   each: producer id i64, firstOffset i64, lastOffset i64, lastStableOffset i64
 * </pre>
 *
 * All integers are big-endian; the store adds a checksum.
 *
 * @param end -1 where {@code states} has to be derived from the log
 */
record SavedState(long firstOffset, long end, ProducerStates states) {
    private static final Logger LOG = LoggerFactory.getLogger(SavedState.class);
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 1 + 8 + 8 + 4 + 4;
    private static final int PRODUCER_BYTES = 8 + 2 + 4 + 8 + 8 + 1 + ProducerState.BATCHES_MAX * 16;
    private static final int ABORTED_BYTES = 32;

    static SavedState none() {
        return new SavedState(0, -1, new ProducerStates());
    }

    /** The bytes; without what can be derived where that would be too much for one value. */
    ByteBuf encode() {
        long size = HEADER_BYTES + (long) states.count() * PRODUCER_BYTES
                + (long) states.aborted().count() * ABORTED_BYTES;
        boolean fits = end >= 0 && size <= LogStore.STATE_MAX_BYTES;
        ByteBuf out = Unpooled.buffer(fits ? (int) size : HEADER_BYTES);
        out.writeByte(VERSION).writeLong(firstOffset).writeLong(fits ? end : -1);
        if (fits) {
            out.writeInt(states.count());
            states.all().forEach(state -> encode(state, out));
            encode(states.aborted(), out);
        }
        return out;
    }

    private static void encode(ProducerState state, ByteBuf out) {
        out.writeLong(state.producerId()).writeShort(state.epoch()).writeInt(state.coordinatorEpoch())
                .writeLong(state.lastTimestamp()).writeLong(state.transactionFirstOffset()).writeByte(state.batches());
        for (int i = 0; i < state.batches(); i++) {
            out.writeInt(state.lastSequence(i)).writeLong(state.lastOffset(i)).writeInt(state.offsetDelta(i));
        }
    }

    private static void encode(AbortedTransactions aborted, ByteBuf out) {
        out.writeInt(aborted.count());
        for (int i = 0; i < aborted.count(); i++) {
            out.writeLong(aborted.producerId(i)).writeLong(aborted.firstOffset(i)).writeLong(aborted.lastOffset(i))
                    .writeLong(aborted.lastStableOffset(i));
        }
    }

    /** Reads what {@link #encode} wrote. What cannot be read is derived anew. */
    static SavedState decode(@Nullable ByteBuf in, long nowMs) {
        if (in == null) {
            return none();
        }
        try {
            return in.readByte() == VERSION ? decodeVersion1(in, nowMs) : none();
        } catch (IndexOutOfBoundsException e) {
            LOG.warn("a saved state of a partition cannot be read, and is derived anew", e);
            return none();
        }
    }

    private static SavedState decodeVersion1(ByteBuf in, long nowMs) {
        long firstOffset = in.readLong();
        long end = in.readLong();
        ProducerStates states = new ProducerStates();
        if (end < 0) {
            return new SavedState(firstOffset, -1, states);
        }
        for (int left = in.readInt(); left > 0; left--) {
            states.restore(decodeProducer(in, nowMs));
        }
        for (int left = in.readInt(); left > 0; left--) {
            states.aborted().add(in.readLong(), in.readLong(), in.readLong(), in.readLong());
        }
        return new SavedState(firstOffset, end, states);
    }

    private static ProducerState decodeProducer(ByteBuf in, long nowMs) {
        ProducerState state = new ProducerState(in.readLong());
        short epoch = in.readShort();
        state.restore(epoch, in.readInt(), in.readLong(), in.readLong());
        for (int left = in.readByte(); left > 0; left--) {
            state.added(epoch, in.readInt(), in.readLong(), in.readInt(), state.lastTimestamp());
        }
        state.seen(nowMs);
        return state;
    }
}
