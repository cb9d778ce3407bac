// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.record.Crc;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The checksum of one batch: paid once per byte written, and again at recovery. */
public class ChecksumBenchmark extends MicroBenchmark {
    @Param({"128", "1024", "65536"})
    int sizeBytes;

    private ByteBuf batch = Unpooled.EMPTY_BUFFER;

    @Setup
    public void fill() {
        batch = Unpooled.directBuffer(sizeBytes).writeZero(sizeBytes);
    }

    @Benchmark
    public int crc() {
        return Crc.of(batch, 0, sizeBytes);
    }
}
