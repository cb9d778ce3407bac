// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FieldTableTest {

    static LongStream seeds() {
        return Seeds.fresh(300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyTableComesBackAsItWasWritten(long seed) {
        Map<String, @Nullable Object> table = new Samples(new Random(seed)).table();

        ByteBuf wire = write(table);

        Map<String, @Nullable Object> back = read(wire);
        assertThat(write(back)).isEqualTo(wire);
        assertThat(comparable(back)).isEqualTo(comparable(table));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverIsReadIsAlsoFoundSoundInPlace(long seed) {
        ByteBuf wire = write(new Samples(new Random(seed)).table());
        WireReader reader = new WireReader().reset(wire, 0, wire.readableBytes());

        FieldTable.check(reader);

        assertThat(reader.remaining()).isZero();
    }

    /** Arrays of bytes are compared by what is in them. */
    private static @Nullable Object comparable(@Nullable Object value) {
        return switch (value) {
            case byte[] bytes -> Arrays.toString(bytes);
            case List<?> list -> list.stream().map(v -> (Object) String.valueOf(comparable(v))).toList();
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((k, v) -> copy.put(k, comparable(v)));
                yield copy;
            }
            case null, default -> value;
        };
    }

    static Stream<Arguments> everyType() {
        return Stream.of(Arguments.of("t 01", true), Arguments.of("t 00", false), Arguments.of("b ff", (byte) -1),
                Arguments.of("B ff", (short) 255), Arguments.of("s ffff", (short) -1), Arguments.of("u ffff", 65_535),
                Arguments.of("I ffffffff", -1), Arguments.of("i ffffffff", 4_294_967_295L),
                Arguments.of("l ffffffffffffffff", -1L), Arguments.of("L 0000000000000005", 5L),
                Arguments.of("f 3fc00000", 1.5f), Arguments.of("d 3ff8000000000000", 1.5d),
                Arguments.of("D 02 00000315", new BigDecimal("7.89")), Arguments.of("S 00000002 6869", "hi"),
                Arguments.of("x 00000001 07", new byte[]{7}),
                Arguments.of("T 0000000000000001", Instant.ofEpochSecond(1)),
                Arguments.of("A 00000004 7401 7400", List.of(true, false)),
                Arguments.of("F 00000004 0161 7401", Map.of("a", true)), Arguments.of("S 00000001 ff", new byte[]{-1}),
                Arguments.of("T ffffffffffffffff", Instant.ofEpochSecond(-1)),
                Arguments.of("T 7fffffffffffffff", Long.MAX_VALUE));
    }

    @ParameterizedTest
    @MethodSource
    void everyType(String hex, Object value) {
        ByteBuf wire = tableWith(hex);

        assertThat(read(wire)).containsExactlyEntriesOf(Map.of("k", value));
    }

    @Test
    void voidIsNull() {
        assertThat(read(tableWith("V "))).containsEntry("k", null);
    }

    private static ByteBuf tableWith(String typeAndHex) {
        byte[] data = HexFormat.of().parseHex(typeAndHex.substring(2).replace(" ", ""));
        ByteBuf table = Unpooled.buffer().writeInt(0).writeByte(1).writeByte('k').writeByte(typeAndHex.charAt(0))
                .writeBytes(data);
        return table.setInt(0, table.readableBytes() - 4);
    }

    @Nested
    class Refuses {

        @Test
        void unknownTypes() {
            refused(tableWith("Z "), "unknown field type 'Z'");
        }

        @Test
        void namesThatAreNotUtf8() {
            ByteBuf table = Unpooled.buffer().writeInt(3).writeByte(1).writeByte(0xFF).writeByte('V');
            refused(table, "not UTF-8");
        }

        @Test
        void lengthsBeyondTheEndBeforeMakingRoomForThem() {
            refused(tableWith("x 7fffffff"), "cut short");
            refused(tableWith("S ffffffff"), "cut short");
            refused(Unpooled.buffer().writeInt(-1), "cut short");
        }

        @Test
        void nestingBeyondTheLimit() {
            Map<String, @Nullable Object> table = Map.of();
            for (int i = 1; i < FieldTable.MAX_DEPTH; i++) {
                table = Map.of("t", table);
            }
            assertThat(read(write(table))).isEqualTo(table);

            refused(write(Map.of("t", table)), "deeper");
        }

        @Test
        void moreValuesThanTheLimit() {
            ByteBuf table = Unpooled.buffer().writeInt(0).writeByte(1).writeByte('k').writeByte('A');
            table.writeInt(FieldTable.MAX_ELEMENTS);
            for (int i = 0; i < FieldTable.MAX_ELEMENTS; i++) {
                table.writeByte('V');
            }
            refused(table.setInt(0, table.readableBytes() - 4), "more than");
        }

        private static void refused(ByteBuf wire, String text) {
            assertThatExceptionOfType(AmqpException.class).isThrownBy(() -> read(wire)).withMessageContaining(text);
            assertThatExceptionOfType(AmqpException.class)
                    .isThrownBy(() -> FieldTable.check(new WireReader().reset(wire, 0, wire.readableBytes())))
                    .withMessageContaining(text);
        }
    }

    private static Map<String, @Nullable Object> read(ByteBuf wire) {
        return new WireReader().reset(wire, 0, wire.readableBytes()).table();
    }

    private static ByteBuf write(Map<String, @Nullable Object> table) {
        ByteBuf out = Unpooled.buffer();
        new WireWriter(out).table(table);
        return out;
    }

    @Test
    void aTableIsWrittenAsTheSpecificationDrawsIt() {
        ByteBuf wire = write(Map.of("x-match", "all"));

        assertThat(ByteBufUtil.hexDump(wire))
                .isEqualTo("00000010" + "07" + hex("x-match") + "53" + "00000003" + hex("all"));
    }

    private static String hex(String ascii) {
        return HexFormat.of().formatHex(ascii.getBytes(StandardCharsets.US_ASCII));
    }
}
