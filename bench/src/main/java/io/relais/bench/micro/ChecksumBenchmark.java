// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.micro;

import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.record.Crc;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The checksum over what one group commit holds: paid once per byte written, and again at recovery. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChecksumBenchmark {
    @Param({"1024", "65536"})
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
