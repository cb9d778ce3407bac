// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.record.BatchBuilder;
import io.relais.log.record.RecordBatch;
import io.relais.log.record.Varint;

/**
 * Writes the control batch that ends a transaction (KIP-98): one record.
 *
 * <pre>
 *  key    version i16 (0), type i16 (0 abort, 1 commit)
 *  value  version i16 (0), coordinatorEpoch i32
 * </pre>
 */
final class Markers {
    private static final int KEY_BYTES = 4;
    private static final int VALUE_BYTES = 6;
    private static final int RECORD_BYTES = 1 + 1 + 1 + 1 + KEY_BYTES + 1 + VALUE_BYTES + 1;

    private Markers() {}

    static ByteBuf batch(long producerId, short producerEpoch, boolean commit, int coordinatorEpoch, long nowMs) {
        ByteBuf out = Unpooled.directBuffer(RecordBatch.HEADER_BYTES + 1 + RECORD_BYTES);
        BatchBuilder builder = new BatchBuilder();
        builder.begin(out, nowMs);
        builder.nextOffsetDelta();
        Varint.write(out, RECORD_BYTES);
        out.writeByte(0); // attributes
        Varint.write(out, 0); // timestampDelta
        Varint.write(out, 0); // offsetDelta
        Varint.write(out, KEY_BYTES);
        out.writeShort(0).writeShort(commit ? 1 : 0);
        Varint.write(out, VALUE_BYTES);
        out.writeShort(0).writeInt(coordinatorEpoch);
        Varint.write(out, 0); // headers
        int size = builder.finish(0);
        out.setShort(RecordBatch.ATTRIBUTES, Batch.TRANSACTIONAL | Batch.CONTROL);
        out.setLong(RecordBatch.PRODUCER_ID, producerId);
        out.setShort(RecordBatch.PRODUCER_EPOCH, producerEpoch);
        out.setInt(RecordBatch.CRC, RecordBatch.checksum(out, 0, size));
        return out;
    }
}
