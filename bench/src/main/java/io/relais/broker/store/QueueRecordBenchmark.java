// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.bench.micro.MicroBenchmark;
import io.relais.broker.Message;
import io.relais.log.record.BatchBuilder;
import io.relais.log.record.RecordCursor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Records of a queue's log, 100 to a batch, per record: written when a message is published (checksum included), read when it is delivered. In this package for
 * the sake of its package-private classes.
 */
public class QueueRecordBenchmark extends MicroBenchmark {
    private static final int RECORDS = 100;
    private static final long NOW_MS = 1_764_000_000_000L;

    @Param({"12", "1024"})
    int bodyBytes;

    private final BatchBuilder builder = new BatchBuilder();
    private final RecordCursor cursor = new RecordCursor();
    private final RecordView view = new RecordView();
    private final Message message = new Message();
    private ByteBuf chunk = Unpooled.EMPTY_BUFFER;

    @Setup
    public void fill() {
        ByteBuf properties = Unpooled.directBuffer().writeShort(0x1000).writeByte(2);
        message.to("", new byte[0], "relais-bench", "relais-bench".getBytes(StandardCharsets.US_ASCII)).content(
                properties,
                Unpooled.directBuffer(bodyBytes).writeZero(bodyBytes), true, false, -1, 0);
        chunk = Unpooled.directBuffer(RECORDS * QueueRecord.sizeBytes(message) + 1_024);
        write();
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public int write() {
        chunk.clear();
        builder.begin(chunk, NOW_MS);
        for (int i = 0; i < RECORDS; i++) {
            QueueRecord.write(chunk, builder.nextOffsetDelta(), message, NOW_MS);
        }
        return builder.finish(0);
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long read() {
        long bytes = 0;
        cursor.open(chunk, 0);
        while (cursor.next()) {
            QueueRecord.read(cursor, view);
            bytes += view.bodyLength() + view.propertiesLength();
        }
        return bytes;
    }
}
