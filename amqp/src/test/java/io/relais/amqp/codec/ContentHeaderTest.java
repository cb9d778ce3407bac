// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ContentHeaderTest {
    private final ContentHeader header = new ContentHeader();
    private final AmqpProperties codec = new AmqpProperties();

    static LongStream seeds() {
        return Seeds.fresh(200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void propertiesAreKeptAsTheyCame(long seed) {
        ByteBuf properties = new Samples(new Random(seed)).properties();

        read(properties, 42);

        assertThat(header.properties()).isEqualTo(properties);
        assertThat(header.bodySize()).isEqualTo(42);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void rewritingWithTheSameHeadersChangesNothing(long seed) {
        ByteBuf properties = new Samples(new Random(seed)).properties();
        Map<String, @Nullable Object> headers = codec.headers(properties);

        ByteBuf rewritten = codec.rewrite(properties, headers, true);

        if (headers.isEmpty()) {
            assertThat(codec.headers(rewritten)).isEmpty();
        } else {
            assertThat(rewritten).isEqualTo(properties);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void rewritingReplacesHeadersAndReplyToAndDropsTheExpiration(long seed) {
        ByteBuf properties = new Samples(new Random(seed)).properties();

        ByteBuf rewritten = codec.withReplyTo(codec.rewrite(properties, Map.of("x", 1), false), "somewhere");

        assertThat(codec.headers(rewritten)).isEqualTo(Map.of("x", 1));
        assertThat(codec.expirationMs(rewritten)).isEqualTo(-1);
        read(rewritten, 0);
        assertThat(header.replyTo()).isEqualTo("somewhere");
    }

    @Test
    void readsWhatTheBrokerMustKnow() {
        ByteBuf properties = Unpooled.buffer().writeShort(1 << 12 | 1 << 11 | 1 << 9 | 1 << 8 | 1 << 4);
        new WireWriter(properties).u8(2).u8(7).shortString("reply").shortString("1500").shortString("joe");

        read(properties, 1);

        assertThat(header.persistent()).isTrue();
        assertThat(header.priority()).isEqualTo(7);
        assertThat(header.replyTo()).isEqualTo("reply");
        assertThat(header.expirationMs()).isEqualTo(1500);
        assertThat(header.userId()).isEqualTo("joe");
        assertThat(header.hasHeaders()).isFalse();
    }

    @Test
    void withoutPropertiesAMessageIsTransientAndNeverExpires() {
        read(Unpooled.buffer().writeShort(0), 1);

        assertThat(header.persistent()).isFalse();
        assertThat(header.priority()).isZero();
        assertThat(header.expirationMs()).isEqualTo(-1);
        assertThat(header.userId()).isNull();
    }

    /** As RabbitMQ 3.10.8 answers. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {"abc,no_integer", "-1,value_negative", "12x,leftover_string",
            "\"\",no_integer",
            "99999999999999999999,value_too_large", "\" 5\",no_integer", "1.5,leftover_string"})
    void invalidExpirationsAreRefusedWith406(String text, String why) {
        ByteBuf properties = Unpooled.buffer().writeShort(1 << 8);
        new WireWriter(properties).shortString(text);
        read(properties, 0);

        assertThatExceptionOfType(AmqpException.class).isThrownBy(header::expirationMs)
                .returns("PRECONDITION_FAILED - invalid expiration '" + text + "': " + why, AmqpException::replyText);
    }

    @Nested
    class Refuses {

        @Test
        void headersOfOtherClassesWith505() {
            ByteBuf payload = Unpooled.buffer().writeShort(50).writeShort(0).writeLong(0).writeShort(0);
            refused(payload, "UNEXPECTED_FRAME - expected content header for class 60, got one for class 50 instead");
        }

        @Test
        void propertiesThatEndTooEarlyWith502() {
            refused(payload(Unpooled.buffer().writeShort(1 << 15).writeByte(9).writeByte('a'), 0),
                    "SYNTAX_ERROR - malformed properties: cannot decode: cut short");
        }

        @Test
        void propertiesThatEndTooLateWith502() {
            refused(payload(Unpooled.buffer().writeShort(0).writeByte(9), 0),
                    "SYNTAX_ERROR - malformed properties: 1 bytes too many after the properties");
        }

        @Test
        void flagsThatNobodyKnowsWith502() {
            refused(payload(Unpooled.buffer().writeShort(1), 0),
                    "SYNTAX_ERROR - malformed properties: unknown property flags 1");
        }

        @Test
        void malformedHeadersWith502() {
            ByteBuf properties = Unpooled.buffer().writeShort(1 << 13).writeInt(3).writeByte(1).writeByte('a')
                    .writeByte('Z');
            refused(payload(properties, 0), "SYNTAX_ERROR - malformed properties: unknown field type 'Z'");
        }

        private void refused(ByteBuf payload, String text) {
            assertThatExceptionOfType(AmqpException.class)
                    .isThrownBy(() -> header.read(payload, 0, payload.readableBytes()))
                    .returns(text, AmqpException::replyText);
        }
    }

    private void read(ByteBuf properties, long bodySize) {
        ByteBuf payload = payload(properties, bodySize);
        header.read(payload, 0, payload.readableBytes());
    }

    private static ByteBuf payload(ByteBuf properties, long bodySize) {
        return Unpooled.buffer().writeShort(60).writeShort(0).writeLong(bodySize).writeBytes(properties.duplicate());
    }
}
