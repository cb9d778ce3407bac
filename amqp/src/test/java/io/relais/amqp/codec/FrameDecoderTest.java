// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrameDecoderTest {
    private static final int FRAME_MAX = 4096;

    static LongStream seeds() {
        return Seeds.fresh(200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anySplitGivesTheSameFrames(long seed) {
        Random random = new Random(seed);
        ByteBuf wire = Unpooled.buffer();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ByteBuf payload = Unpooled.wrappedBuffer(new Samples(random).bytes(random.nextInt(300)));
            int type = new int[]{Frame.METHOD, Frame.HEADER, Frame.BODY, Frame.HEARTBEAT}[random.nextInt(4)];
            int channel = random.nextInt(65_536);
            sent.add(type + ":" + channel + ":" + ByteBufUtil.hexDump(payload));
            wire.writeBytes(Samples.frame(type, channel, payload));
        }

        FrameDecoder decoder = new FrameDecoder(FRAME_MAX);
        List<String> found = new ArrayList<>();
        ByteBuf arrived = Unpooled.buffer();
        while (wire.isReadable()) {
            arrived.writeBytes(wire, Math.min(wire.readableBytes(), 1 + random.nextInt(100)));
            while (decoder.next(arrived)) {
                found.add(decoder.type() + ":" + decoder.channel() + ":"
                        + ByteBufUtil.hexDump(arrived, decoder.payloadIndex(), decoder.payloadLength()));
            }
        }

        assertThat(found).isEqualTo(sent);
        assertThat(arrived.isReadable()).isFalse();
    }

    @Test
    void aFrameOfFrameMaxIsTaken() {
        ByteBuf wire = Samples.frame(Frame.BODY, 1, Unpooled.wrappedBuffer(new byte[FRAME_MAX - Frame.OVERHEAD_BYTES]));

        assertThat(new FrameDecoder(FRAME_MAX).next(wire)).isTrue();
    }

    @Test
    void aLargerFrameIsRefusedWith501AsSoonAsItsSizeIsKnown() {
        ByteBuf prefix = Unpooled.buffer().writeByte(Frame.BODY).writeShort(1)
                .writeInt(FRAME_MAX - Frame.OVERHEAD_BYTES + 1);

        refused(prefix, "FRAME_ERROR - frame of 4089 bytes is larger than the 4088 allowed");
    }

    @Test
    void sizesAreUnsigned() {
        refused(Unpooled.buffer().writeByte(Frame.BODY).writeShort(1).writeInt(-1),
                "FRAME_ERROR - frame of 4294967295 bytes is larger than the 4088 allowed");
    }

    @Test
    void aWrongEndOctetIsRefusedWith501() {
        ByteBuf wire = Samples.frame(Frame.METHOD, 1, Unpooled.buffer().writeInt(7));
        wire.setByte(wire.writerIndex() - 1, 0);

        refused(wire, "FRAME_ERROR - type 1: invalid frame end marker 0, expected 206");
    }

    @Test
    void anUnknownTypeIsRefusedWith501() {
        refused(Samples.frame(9, 1, Unpooled.EMPTY_BUFFER), "FRAME_ERROR - type 9: unknown frame");
    }

    private static void refused(ByteBuf wire, String text) {
        assertThatExceptionOfType(AmqpException.class).isThrownBy(() -> new FrameDecoder(FRAME_MAX).next(wire))
                .returns(text, AmqpException::replyText);
    }
}
