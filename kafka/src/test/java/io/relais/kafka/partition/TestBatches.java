// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import io.relais.log.record.RecordBatch;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.internals.Crc32C;

/** Batches as producers send them, and as they must not. */
final class TestBatches {
    private TestBatches() {}

    static SimpleRecord[] records(String... values) {
        return Stream.of(values).map(value -> new SimpleRecord(1_000_000_000L, utf8(value), utf8(value)))
                .toArray(SimpleRecord[]::new);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static MemoryRecords plain(String... values) {
        return MemoryRecords.withRecords(Compression.NONE, records(values));
    }

    static MemoryRecords compressed(Compression compression, String... values) {
        return MemoryRecords.withRecords(compression, records(values));
    }

    static MemoryRecords idempotent(long producerId, int epoch, int sequence, String... values) {
        return MemoryRecords.withIdempotentRecords(Compression.NONE, producerId, (short) epoch, sequence,
                records(values));
    }

    static MemoryRecords transactional(long producerId, int epoch, int sequence, String... values) {
        return MemoryRecords.withTransactionalRecords(Compression.NONE, producerId, (short) epoch, sequence,
                records(values));
    }

    /** Changes bytes of a batch. */
    interface Change {
        void change(ByteBuffer batch);
    }

    /** A batch with something changed, and the checksum made right again. */
    static MemoryRecords changed(MemoryRecords records, Change change) {
        ByteBuffer bytes = copy(records);
        change.change(bytes);
        bytes.putInt(RecordBatch.CRC, (int) Crc32C.compute(bytes, RecordBatch.ATTRIBUTES,
                bytes.limit() - RecordBatch.ATTRIBUTES));
        return MemoryRecords.readableRecords(bytes);
    }

    /** A batch with something changed, checksum and all. */
    static MemoryRecords damaged(MemoryRecords records, Change change) {
        ByteBuffer bytes = copy(records);
        change.change(bytes);
        return MemoryRecords.readableRecords(bytes);
    }

    private static ByteBuffer copy(MemoryRecords records) {
        ByteBuffer bytes = ByteBuffer.allocate(records.sizeInBytes());
        return bytes.put(records.buffer().duplicate()).flip();
    }
}
