// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.PrimitiveRef;
import org.apache.kafka.server.record.BrokerCompressionType;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogValidator;

/** Writes a batch anew, with the compression of its topic and dense offsets: what Kafka's own validator does where it cannot keep the batch. Rare: topics that set {@code compression.type}. */
final class Rewriting {
    private static final TopicPartition ANY = new TopicPartition("rewritten", 0);

    private Rewriting() {}

    /** A batch that was found right. The receiver releases the result. */
    static ByteBuf rewrite(ByteBuf in, LogConfig config, long nowMs, BufferSupplier buffers) {
        CompressionType source = CompressionType.forId(Batch.compression(in, in.readerIndex()));
        MemoryRecords records = MemoryRecords.readableRecords(in.nioBuffer());
        LogValidator validator = new LogValidator(records, ANY, new Fixed(nowMs), source,
                BrokerCompressionType.targetCompression(config.compression, source), config.compact,
                RecordBatch.MAGIC_VALUE_V2, config.messageTimestampType, config.messageTimestampBeforeMaxMs,
                config.messageTimestampAfterMaxMs, 0, AppendOrigin.CLIENT);
        return Unpooled.wrappedBuffer(validator
                .validateMessagesAndAssignOffsets(PrimitiveRef.ofLong(0), new Unrecorded(), buffers)
                .validatedRecords().buffer());
    }

    /** The moment of the append. */
    private record Fixed(long nowMs) implements Time {
        @Override
        public long milliseconds() {
            return nowMs;
        }

        @Override
        public long nanoseconds() {
            return nowMs * 1_000_000;
        }

        @Override
        public void sleep(long ms) {
            throw new UnsupportedOperationException("time stands still here");
        }
    }

    private static final class Unrecorded implements LogValidator.MetricsRecorder {
        @Override
        public void recordInvalidMagic() {}

        @Override
        public void recordInvalidOffset() {}

        @Override
        public void recordInvalidSequence() {}

        @Override
        public void recordInvalidChecksums() {}

        @Override
        public void recordNoKeyCompactedTopic() {}
    }
}
