// SPDX-License-Identifier: Apache-2.0
package io.relais.log.record;

import io.netty.buffer.ByteBuf;

/**
 * The header of a record batch, version 2, read and written in place (Kafka protocol guide, "Record Batch"). All integers are big-endian.
 *
 * <pre>
 *  at  field                 type   covered by the checksum
 *   0  baseOffset            i64    no: a broker assigns it, and one batch may stand in several logs
 *   8  batchLength           i32    no: bytes that follow this field
 *  12  partitionLeaderEpoch  i32    no: a broker assigns it
 *  16  magic                 i8     no: 2
 *  17  crc                   u32    CRC-32C of everything from attributes to the end
 *  21  attributes            i16    yes: 0-2 compression, 3 timestamp type, 4 transactional, 5 control, 6 delete horizon
 *  23  lastOffsetDelta       i32    yes: offset of the last record, less baseOffset; kept when records are filtered out
 *  27  baseTimestamp         i64    yes: ms since the epoch
 *  35  maxTimestamp          i64    yes
 *  43  producerId            i64    yes: -1 for none
 *  51  producerEpoch         i16    yes
 *  53  baseSequence          i32    yes
 *  57  recordsCount          i32    yes
 *  61  records
 * </pre>
 *
 * <p>Every method takes the buffer and the index at which the batch begins. Thread: any that may read the buffer.
 */
public final class RecordBatch {
    public static final int BASE_OFFSET = 0;
    public static final int LENGTH = BASE_OFFSET + 8;
    public static final int LEADER_EPOCH = LENGTH + 4;
    public static final int MAGIC = LEADER_EPOCH + 4;
    public static final int CRC = MAGIC + 1;
    public static final int ATTRIBUTES = CRC + 4;
    public static final int LAST_OFFSET_DELTA = ATTRIBUTES + 2;
    public static final int BASE_TIMESTAMP = LAST_OFFSET_DELTA + 4;
    public static final int MAX_TIMESTAMP = BASE_TIMESTAMP + 8;
    public static final int PRODUCER_ID = MAX_TIMESTAMP + 8;
    public static final int PRODUCER_EPOCH = PRODUCER_ID + 8;
    public static final int BASE_SEQUENCE = PRODUCER_EPOCH + 2;
    public static final int RECORDS_COUNT = BASE_SEQUENCE + 4;
    public static final int RECORDS = RECORDS_COUNT + 4;

    /** Bytes of the header. */
    public static final int HEADER_BYTES = RECORDS;

    /** Bytes before those that {@code batchLength} counts. */
    public static final int LENGTH_OVERHEAD = LENGTH + 4;

    private RecordBatch() {}

    public static long baseOffset(ByteBuf in, int at) {
        return in.getLong(at + BASE_OFFSET);
    }

    public static void baseOffset(ByteBuf in, int at, long offset) {
        in.setLong(at + BASE_OFFSET, offset);
    }

    /** Bytes of the whole batch, header included. */
    public static int sizeBytes(ByteBuf in, int at) {
        return in.getInt(at + LENGTH) + LENGTH_OVERHEAD;
    }

    public static int lastOffsetDelta(ByteBuf in, int at) {
        return in.getInt(at + LAST_OFFSET_DELTA);
    }

    /** Records in it: fewer than {@code lastOffsetDelta + 1} where some were filtered out. */
    public static int count(ByteBuf in, int at) {
        return in.getInt(at + RECORDS_COUNT);
    }

    public static long baseTimestamp(ByteBuf in, int at) {
        return in.getLong(at + BASE_TIMESTAMP);
    }

    public static long maxTimestamp(ByteBuf in, int at) {
        return in.getLong(at + MAX_TIMESTAMP);
    }

    /**
     * What is wrong with the batch that begins at {@code at}, of which {@code available} bytes are there.
     *
     * @return null where its length, version and checksum are right, else a few words
     */
    public static @org.jspecify.annotations.Nullable String verify(ByteBuf in, int at, int available) {
        if (available < HEADER_BYTES) {
            return "batch header cut short";
        }
        int size = sizeBytes(in, at);
        if (size < HEADER_BYTES) {
            return "batch length " + size + " is too small";
        }
        if (size > available) {
            return "batch of " + size + " bytes cut short";
        }
        if (in.getByte(at + MAGIC) != 2) {
            return "unknown batch version " + in.getByte(at + MAGIC);
        }
        if (checksum(in, at, size) != in.getInt(at + CRC)) {
            return "batch checksum does not match";
        }
        return null;
    }

    /** The CRC-32C of a batch of {@code size} bytes, over what its checksum covers. */
    public static int checksum(ByteBuf in, int at, int size) {
        return Crc.of(in, at + ATTRIBUTES, size - ATTRIBUTES);
    }
}
