// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

import io.netty.buffer.ByteBuf;
import io.relais.log.record.RecordBatch;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.server.record.BrokerCompressionType;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a client's batch may enter a log, as Kafka does, and puts in what the topic wants to be put in: the time of the append, another compression.
 *
 * <p>Every record is looked at: what consumers, compaction and lookups by time read later is whole. What is compressed is decompressed for that, once, and forgotten.
 *
 * <p>Thread: the owner. Memory: a few buffers, reused. Bounds: {@link #decompressedMaxBytes} of one batch, then it is too large: a producer splits it and goes on.
 */
final class BatchValidator {
    private static final int COMPRESSION_TYPES = CompressionType.values().length;
    private static final short ZSTD_SINCE = 7;
    private static final long DECOMPRESSED_MAX_FACTOR = 64;
    private static final long DECOMPRESSED_MIN_BYTES = 16 << 20;

    private final CRC32C crc = new CRC32C();
    private final RecordSource.InPlace inPlace = new RecordSource.InPlace();
    private final RecordSource.Decompressed decompressed = new RecordSource.Decompressed();
    private final RecordWalk walk = new RecordWalk();
    private final BufferSupplier buffers = BufferSupplier.create();
    private final Compression[] compressions = new Compression[COMPRESSION_TYPES];

    BatchValidator() {
        for (CompressionType type : CompressionType.values()) {
            compressions[type.id] = Compression.of(type).build();
        }
    }

    /** What becomes of a batch. */
    sealed interface Verdict permits Accepted, Refused {}

    /**
     * It may be appended.
     *
     * @param batch           the batch itself, or one in its place: a reference that the receiver releases
     * @param logAppendTimeMs -1 where its records keep their own
     */
    record Accepted(ByteBuf batch, long logAppendTimeMs) implements Verdict {}

    /** It may not. */
    record Refused(Errors error, String message, List<BatchIndexAndErrorMessage> records) implements Verdict {
        Refused(Errors error, String message) {
            this(error, message, List.of());
        }
    }

    /**
     * Looks at what a client wants to append to one partition.
     *
     * @param in      its readable bytes; changed in place
     * @param version of the produce request
     */
    Verdict validate(ByteBuf in, short version, LogConfig config, long nowMs) {
        Refused wrong = envelope(in, version, config);
        if (wrong != null) {
            return wrong;
        }
        int at = in.readerIndex();
        int size = in.readableBytes();
        ByteBuffer bytes = in.nioBuffer(at, size);
        crc.reset();
        crc.update(bytes.position(RecordBatch.ATTRIBUTES));
        if ((int) crc.getValue() != in.getInt(at + RecordBatch.CRC)) {
            return new Refused(Errors.CORRUPT_MESSAGE, "Record is corrupt: its checksum does not match");
        }
        wrong = header(in, at);
        if (wrong == null) {
            wrong = records(in, at, bytes, config, nowMs);
        }
        return wrong != null ? wrong : settle(in, at, config, nowMs);
    }

    private static @Nullable Refused envelope(ByteBuf in, short version, LogConfig config) {
        int size = in.readableBytes();
        int at = in.readerIndex();
        if (size <= RecordBatch.MAGIC || in.getInt(at + RecordBatch.LENGTH) > size - RecordBatch.LENGTH_OVERHEAD) {
            return new Refused(Errors.INVALID_RECORD,
                    "Produce requests must have one whole record batch per partition");
        }
        if (in.getByte(at + RecordBatch.MAGIC) != 2) {
            return new Refused(Errors.INVALID_RECORD, "Produce requests with version " + version
                    + " are only allowed to contain record batches with magic version 2");
        }
        int batch = RecordBatch.sizeBytes(in, at);
        if (batch < RecordBatch.HEADER_BYTES) {
            return new Refused(Errors.CORRUPT_MESSAGE, "Record batch is corrupt: it has " + batch + " bytes");
        }
        if (batch != size) {
            return new Refused(Errors.INVALID_RECORD, "Produce requests with version " + version
                    + " are only allowed to contain exactly one record batch per partition");
        }
        int compression = Batch.compression(in, at);
        if (compression >= COMPRESSION_TYPES || (compression == CompressionType.ZSTD.id && version < ZSTD_SINCE)) {
            return new Refused(Errors.UNSUPPORTED_COMPRESSION_TYPE, "Produce requests with version " + version
                    + " are not allowed to use compression type " + compression);
        }
        if (RecordBatch.baseOffset(in, at) != 0) {
            return new Refused(Errors.INVALID_RECORD, "The baseOffset of the record batch should be 0, but it is "
                    + RecordBatch.baseOffset(in, at));
        }
        if (size > config.maxMessageSize()) {
            return tooLarge(size, config);
        }
        return null;
    }

    private static Refused tooLarge(int size, LogConfig config) {
        return new Refused(Errors.MESSAGE_TOO_LARGE, "The record batch size is " + size
                + " bytes which exceeds the maximum configured value of " + config.maxMessageSize());
    }

    private static @Nullable Refused header(ByteBuf in, int at) {
        int count = RecordBatch.count(in, at);
        if (count <= 0) {
            return new Refused(Errors.INVALID_RECORD, "Invalid reported count for record batch: " + count);
        }
        if (RecordBatch.lastOffsetDelta(in, at) != count - 1) {
            return new Refused(Errors.INVALID_RECORD, "Inconsistent batch offset range [0, "
                    + RecordBatch.lastOffsetDelta(in, at) + "] and count of records " + count);
        }
        if (Batch.isControl(in, at)) {
            return new Refused(Errors.INVALID_RECORD, "Clients are not allowed to write control records");
        }
        long producerId = Batch.producerId(in, at);
        if (producerId >= 0 && (Batch.baseSequence(in, at) < 0 || Batch.producerEpoch(in, at) < 0)) {
            return new Refused(Errors.INVALID_RECORD, "Invalid sequence number " + Batch.baseSequence(in, at)
                    + " or epoch " + Batch.producerEpoch(in, at) + " in record batch with producerId " + producerId);
        }
        if (producerId < 0 && Batch.isTransactional(in, at)) {
            return new Refused(Errors.INVALID_RECORD, "Transactional records need a producerId");
        }
        if ((Batch.attributes(in, at) & Batch.LOG_APPEND_TIME) != 0) {
            return new Refused(Errors.INVALID_TIMESTAMP, "Producer should not set timestamp type to LogAppendTime");
        }
        return null;
    }

    private @Nullable Refused records(ByteBuf in, int at, ByteBuffer bytes, LogConfig config,
            long nowMs) {
        boolean createTime = config.messageTimestampType == TimestampType.CREATE_TIME;
        walk.rules(config.compact,
                createTime ? saturated(nowMs, -config.messageTimestampBeforeMaxMs) : Long.MIN_VALUE,
                createTime ? saturated(nowMs, config.messageTimestampAfterMaxMs) : Long.MAX_VALUE,
                config.maxDecompressedMessageBytes());
        int count = RecordBatch.count(in, at);
        long baseTimestamp = RecordBatch.baseTimestamp(in, at);
        int compression = Batch.compression(in, at);
        try {
            if (compression == CompressionType.NONE.id) {
                walk.walk(inPlace.over(bytes, RecordBatch.RECORDS, bytes.limit()), count, baseTimestamp);
            } else {
                walkDecompressed(compressions[compression], bytes, count, baseTimestamp, config);
            }
        } catch (RecordSource.Malformed e) {
            return new Refused(Errors.INVALID_RECORD, String.valueOf(e.getMessage()));
        } catch (RecordSource.Decompressed.TooMuch e) {
            return new Refused(Errors.MESSAGE_TOO_LARGE, String.valueOf(e.getMessage()));
        }
        List<BatchIndexAndErrorMessage> errors = walk.errors();
        if (errors != null) {
            return walk.timestampWrong()
                    ? new Refused(Errors.INVALID_TIMESTAMP,
                            "One or more records have been rejected due to invalid timestamp", errors)
                    : new Refused(Errors.INVALID_RECORD, "One or more records have been rejected due to "
                            + errors.size() + " record errors in total", errors);
        }
        if (compression == CompressionType.NONE.id && !walk.offsetsDense()) {
            return new Refused(Errors.INVALID_RECORD, "The offset deltas of records are not 0, 1, 2…");
        }
        return null;
    }

    private void walkDecompressed(Compression compression, ByteBuffer bytes, int count, long baseTimestamp,
            LogConfig config) {
        try (InputStream stream = compression.wrapForInput(bytes.position(RecordBatch.RECORDS).slice(), (byte) 2,
                buffers)) {
            walk.walk(decompressed.over(stream, decompressedMaxBytes(config)), count, baseTimestamp);
        } catch (IOException e) {
            throw new RecordSource.Malformed("the records cannot be decompressed: " + e.getMessage());
        } catch (org.apache.kafka.common.KafkaException e) {
            throw new RecordSource.Malformed("the records cannot be decompressed: " + e.getMessage());
        }
    }

    /** How many bytes a batch may have when it is decompressed: 64 times what it may have compressed, at least 16 MiB. */
    static long decompressedMaxBytes(LogConfig config) {
        return Math.max(DECOMPRESSED_MIN_BYTES, DECOMPRESSED_MAX_FACTOR * config.maxMessageSize());
    }

    private static long saturated(long a, long b) {
        long sum = a + b;
        return ((a ^ sum) & (b ^ sum)) < 0 ? (b < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
    }

    /** The batch is right: as it is, or written anew. */
    private Verdict settle(ByteBuf in, int at, LogConfig config, long nowMs) {
        CompressionType source = CompressionType.forId(Batch.compression(in, at));
        CompressionType target = BrokerCompressionType.targetCompression(config.compression, source).type();
        long appendTime = config.messageTimestampType == TimestampType.LOG_APPEND_TIME ? nowMs : -1;
        if (source != target || !walk.offsetsDense()) {
            ByteBuf rewritten = Rewriting.rewrite(in, config, nowMs, buffers);
            if (rewritten.readableBytes() > config.maxMessageSize()) {
                int size = rewritten.readableBytes();
                rewritten.release();
                return tooLarge(size, config);
            }
            return new Accepted(rewritten, appendTime);
        }
        if (appendTime >= 0) {
            in.setShort(at + RecordBatch.ATTRIBUTES, Batch.attributes(in, at) | Batch.LOG_APPEND_TIME);
            maxTimestamp(in, at, appendTime);
        } else if (RecordBatch.maxTimestamp(in, at) != walk.maxTimestamp()) {
            maxTimestamp(in, at, walk.maxTimestamp());
        }
        return new Accepted(in.retain(), appendTime);
    }

    private static void maxTimestamp(ByteBuf in, int at, long timestamp) {
        in.setLong(at + RecordBatch.MAX_TIMESTAMP, timestamp);
        in.setInt(at + RecordBatch.CRC, RecordBatch.checksum(in, at, in.readableBytes()));
    }
}
