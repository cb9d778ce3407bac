// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.stream.LongStream;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes come: the result is a frame, a method, a header, or an {@link AmqpException}; never anything else, and never more memory than the bytes are worth. */
class DecoderFuzzTest {
    private static final int FRAME_MAX = 8192;

    /** Generous: a field costs a boxed value and its place in a map; a short text some headers. */
    private static final int ALLOCATED_PER_BYTE = 200;
    private static final int ALLOCATED_PER_INPUT = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final FrameDecoder frames = new FrameDecoder(FRAME_MAX);
    private final WireReader reader = new WireReader();
    private final ContentHeader header = new ContentHeader();

    static LongStream seeds() {
        return Seeds.fresh(100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noise(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new Samples(random).bytes(random.nextInt(200));
            decode(Unpooled.wrappedBuffer(bytes));
            decodeMethod(Unpooled.wrappedBuffer(bytes));
            decodeHeader(Unpooled.wrappedBuffer(bytes));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void mutatedMethods(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            ByteBuf wire = Samples.frame(1, new Samples(random).method());
            mutate(random, wire);
            decode(wire);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void mutatedContentHeaders(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            ByteBuf payload = Unpooled.buffer().writeShort(60).writeShort(0).writeLong(random.nextInt())
                    .writeBytes(new Samples(random).properties());
            mutate(random, payload);
            decodeHeader(payload);
        }
    }

    private static void mutate(Random random, ByteBuf wire) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(wire.writerIndex());
            switch (random.nextInt(4)) {
                case 0 -> wire.setByte(at, random.nextInt());
                case 1 -> wire.setByte(at, wire.getByte(at) ^ 1 << random.nextInt(8));
                case 2 -> wire.setByte(at, 0xFF);
                default -> wire.writerIndex(Math.max(1, at));
            }
        }
    }

    private void decode(ByteBuf wire) {
        bounded(wire, () -> {
            while (frames.next(wire)) {
                switch (frames.type()) {
                    case Frame.METHOD -> method(wire, frames.payloadIndex(), frames.payloadLength());
                    case Frame.HEADER -> header(wire, frames.payloadIndex(), frames.payloadLength());
                    default -> {
                    }
                }
            }
        });
    }

    private void decodeMethod(ByteBuf payload) {
        bounded(payload, () -> method(payload, 0, payload.readableBytes()));
    }

    private void decodeHeader(ByteBuf payload) {
        bounded(payload, () -> header(payload, 0, payload.readableBytes()));
    }

    private void method(ByteBuf in, int index, int length) {
        reader.reset(in, index, length);
        int id = reader.i32();
        Method method = Method.decode(id, reader);
        assertThat(method.id()).isEqualTo(id);
    }

    private void header(ByteBuf in, int index, int length) {
        header.read(in, index, length);
        header.persistent();
        header.priority();
        header.userId();
        header.replyTo();
        new AmqpProperties().headers(header.properties());
        header.expirationMs();
    }

    /** Decodes twice: the first time, Java may load classes and link texts, which is no fault of the input's. */
    private void bounded(ByteBuf input, Runnable decoding) {
        int begin = input.readerIndex();
        int length = input.readableBytes();
        run(decoding);
        input.readerIndex(begin);
        long before = threads.getCurrentThreadAllocatedBytes();
        run(decoding);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).as("allocated for %s bytes", length)
                .isLessThan(ALLOCATED_PER_INPUT + (long) length * ALLOCATED_PER_BYTE);
    }

    private static void run(Runnable decoding) {
        try {
            decoding.run();
        } catch (AmqpException e) {
            assertThat(e.replyText()).startsWith(e.code().name());
        }
    }
}
