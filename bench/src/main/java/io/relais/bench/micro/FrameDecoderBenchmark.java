// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.micro;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.amqp.codec.Frame;
import io.relais.amqp.codec.FrameDecoder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Finding the three frames of each of 100 publishes in what one read brought, per publish. */
public class FrameDecoderBenchmark extends MicroBenchmark {
    private static final int PUBLISHES = 100;
    private static final int FRAME_MAX = 131_072;
    private static final byte[] KEY = "relais-bench".getBytes(StandardCharsets.US_ASCII);

    @Param({"12", "1024"})
    int bodyBytes;

    private final FrameDecoder decoder = new FrameDecoder(FRAME_MAX);
    private ByteBuf read = Unpooled.EMPTY_BUFFER;

    @Setup
    public void fill() {
        ByteBuf publish = Unpooled.buffer().writeShort(60).writeShort(40).writeShort(0).writeByte(0)
                .writeByte(KEY.length)
                .writeBytes(KEY).writeByte(0);
        ByteBuf header = Unpooled.buffer().writeShort(60).writeShort(0).writeLong(bodyBytes).writeShort(0x1000)
                .writeByte(2);
        ByteBuf body = Unpooled.buffer().writeZero(bodyBytes);
        read = Unpooled.directBuffer();
        for (int i = 0; i < PUBLISHES; i++) {
            frame(Frame.METHOD, publish);
            frame(Frame.HEADER, header);
            frame(Frame.BODY, body);
        }
    }

    @Benchmark
    @OperationsPerInvocation(PUBLISHES)
    public long frames() {
        long payloadBytes = 0;
        read.readerIndex(0);
        while (decoder.next(read)) {
            payloadBytes += decoder.payloadLength();
        }
        return payloadBytes;
    }

    private void frame(int type, ByteBuf payload) {
        read.writeByte(type).writeShort(1).writeInt(payload.readableBytes())
                .writeBytes(payload, payload.readerIndex(), payload.readableBytes()).writeByte(Frame.END);
    }
}
