// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Random;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MethodTest {

    static Stream<Arguments> everyMethod() {
        return Seeds.fresh(5).boxed()
                .flatMap(seed -> Samples.methodTypes().stream().map(type -> Arguments.of(type, seed)));
    }

    @ParameterizedTest
    @MethodSource("everyMethod")
    void comesBackAsItWasWritten(Class<?> type, long seed) {
        Method method = new Samples(new Random(seed)).method(type);
        ByteBuf wire = encode(method);

        Method back = decode(wire);

        assertThat(back).isInstanceOf(type);
        assertThat(encode(back)).isEqualTo(wire);
    }

    @ParameterizedTest
    @MethodSource("everyMethod")
    void cutShortItIsRefusedWith501(Class<?> type, long seed) {
        Random random = new Random(seed);
        ByteBuf wire = encode(new Samples(random).method(type));
        if (wire.readableBytes() > 4) {
            ByteBuf cut = wire.slice(0, 4 + random.nextInt(wire.readableBytes() - 4));

            assertThatExceptionOfType(AmqpException.class).isThrownBy(() -> decode(cut))
                    .returns(ReplyCode.FRAME_ERROR, AmqpException::code);
        }
    }

    @Test
    void tooLongItIsRefusedWith501() {
        ByteBuf wire = encode(new ChannelMethod.Flow(true)).writeByte(0);

        assertThatExceptionOfType(AmqpException.class).isThrownBy(() -> decode(wire))
                .returns(ReplyCode.FRAME_ERROR, AmqpException::code);
    }

    @Test
    void unknownMethodsAreRefusedWith540() {
        ByteBuf wire = Unpooled.buffer().writeShort(60).writeShort(99);

        assertThatExceptionOfType(AmqpException.class).isThrownBy(() -> decode(wire))
                .returns(ReplyCode.NOT_IMPLEMENTED, AmqpException::code)
                .withMessage("unknown method: class 60, method 99");
    }

    @Test
    void bitsShareAnOctet() {
        ByteBuf wire = encode(new BasicMethod.Publish("ex", "key", true, false));

        assertThat(ByteBufUtil.hexDump(wire)).isEqualTo("003c0028" + "0000" + "026578" + "036b6579" + "01");
    }

    @Test
    void shortStringsThatAreNotUtf8AreRefusedWith501() {
        ByteBuf wire = Unpooled.buffer().writeInt(BasicMethod.ConsumeOk.ID).writeByte(1).writeByte(0xFF);

        assertThatExceptionOfType(AmqpException.class).isThrownBy(() -> decode(wire))
                .returns("FRAME_ERROR - Malformed UTF-8 in shortstr", AmqpException::replyText);
    }

    private static ByteBuf encode(Method method) {
        ByteBuf out = Unpooled.buffer();
        method.encodeAll(new WireWriter(out));
        return out;
    }

    private static Method decode(ByteBuf wire) {
        WireReader in = new WireReader().reset(wire, 0, wire.readableBytes());
        return Method.decode(in.i32(), in);
    }
}
