// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Field tables, with the types that RabbitMQ reads and writes (RabbitMQ: AMQP 0-9-1 errata, "Field types"), which are not those of the specification's text.
 *
 * <pre>
 *  table := u32 bytes that follow, { short string name, value }
 *  array := u32 bytes that follow, { value }
 *  value := type octet, data
 *
 *  type  data                    read as              written for
 *   t    u8                      Boolean              Boolean
 *   b    i8                      Byte                 Byte
 *   B    u8                      Short
 *   s    i16                     Short                Short
 *   u    u16                     Integer
 *   I    i32                     Integer              Integer
 *   i    u32                     Long
 *   l L  i64                     Long                 Long (l)
 *   f    IEEE 754 single         Float                Float
 *   d    IEEE 754 double         Double               Double
 *   D    u8 scale, i32 unscaled  BigDecimal           BigDecimal
 *   S    long string             String; byte[] where it is not UTF-8        String
 *   x    long string             byte[]               byte[]
 *   T    u64 seconds             Instant; Long where no Instant is so far    Instant
 *   A    array                   List                 List
 *   F    table                   Map                  Map
 *   V                            null                 null
 * </pre>
 *
 * <p>Bounds: {@link #MAX_DEPTH} tables and arrays inside each other, {@link #MAX_ELEMENTS} values in one table with all that is in it.
 */
public final class FieldTable {
    /** Deepest nesting taken. */
    public static final int MAX_DEPTH = 32;

    /** Most values taken, nested ones included. */
    public static final int MAX_ELEMENTS = 65_536;

    private FieldTable() {}

    static Map<String, @Nullable Object> read(WireReader in) {
        return new Reading().table(in, 1);
    }

    /** Passes over a table and checks that {@link #read} would take it. Allocates a little, whatever the table's size. */
    static void check(WireReader in) {
        new Checking().table(in, 1);
    }

    /** Counts what was read against the bounds. */
    private static sealed class Bounds {
        private int elements;

        final void element() {
            if (++elements > MAX_ELEMENTS) {
                throw AmqpException.syntax("field table has more than " + MAX_ELEMENTS + " values");
            }
        }

        final void depth(int depth) {
            if (depth > MAX_DEPTH) {
                throw AmqpException.syntax("field table is nested deeper than " + MAX_DEPTH);
            }
        }
    }

    private static final class Reading extends Bounds {
        Map<String, @Nullable Object> table(WireReader in, int depth) {
            depth(depth);
            WireReader fields = in.part(in.u32());
            Map<String, @Nullable Object> table = new LinkedHashMap<>();
            while (fields.remaining() > 0) {
                table.put(name(fields), value(fields, depth));
            }
            return table;
        }

        private List<@Nullable Object> array(WireReader in, int depth) {
            depth(depth);
            WireReader values = in.part(in.u32());
            List<@Nullable Object> array = new ArrayList<>();
            while (values.remaining() > 0) {
                array.add(value(values, depth));
            }
            return array;
        }

        private @Nullable Object value(WireReader in, int depth) {
            element();
            int type = in.u8();
            return switch (type) {
                case 't' -> in.u8() != 0;
                case 'b' -> (byte) in.u8();
                case 'B' -> (short) in.u8();
                case 's' -> (short) in.u16();
                case 'u' -> in.u16();
                case 'I' -> in.i32();
                case 'i' -> in.u32();
                case 'l', 'L' -> in.u64();
                case 'f' -> Float.intBitsToFloat(in.i32());
                case 'd' -> Double.longBitsToDouble(in.u64());
                case 'D' -> decimal(in);
                case 'S' -> text(in);
                case 'x' -> in.longString();
                case 'T' -> timestamp(in.u64());
                case 'A' -> array(in, depth + 1);
                case 'F' -> table(in, depth + 1);
                case 'V' -> null;
                default -> throw unknown(type);
            };
        }

        private static String name(WireReader in) {
            int length = in.u8();
            int from = in.take(length);
            requireName(in, from, length);
            return in.buffer().toString(from, length, StandardCharsets.UTF_8);
        }

        private static BigDecimal decimal(WireReader in) {
            int scale = in.u8();
            return new BigDecimal(BigInteger.valueOf(in.i32()), scale);
        }

        private static Object text(WireReader in) {
            long length = in.u32();
            int from = in.take(length);
            return ByteBufUtil.isText(in.buffer(), from, (int) length, StandardCharsets.UTF_8)
                    ? in.buffer().toString(from, (int) length, StandardCharsets.UTF_8)
                    : in.bytes(from, (int) length);
        }

        private static Object timestamp(long seconds) {
            return seconds >= Instant.MIN.getEpochSecond() && seconds <= Instant.MAX.getEpochSecond()
                    ? Instant.ofEpochSecond(seconds)
                    : (Object) seconds;
        }
    }

    private static final class Checking extends Bounds {
        void table(WireReader in, int depth) {
            depth(depth);
            long length = in.u32();
            int end = endOf(in, length);
            while (in.index() < end) {
                int nameLength = in.u8();
                requireName(in, in.take(nameLength), nameLength);
                value(in, depth);
            }
            requireAt(in, end);
        }

        private void array(WireReader in, int depth) {
            depth(depth);
            long length = in.u32();
            int end = endOf(in, length);
            while (in.index() < end) {
                value(in, depth);
            }
            requireAt(in, end);
        }

        private static int endOf(WireReader in, long length) {
            if (length > in.remaining()) {
                throw AmqpException.cutShort();
            }
            return in.index() + (int) length;
        }

        private static void requireAt(WireReader in, int end) {
            if (in.index() != end) {
                throw AmqpException.cutShort();
            }
        }

        private void value(WireReader in, int depth) {
            element();
            int type = in.u8();
            switch (type) {
                case 't', 'b', 'B' -> in.take(1);
                case 's', 'u' -> in.take(2);
                case 'I', 'i', 'f' -> in.take(4);
                case 'l', 'L', 'd', 'T' -> in.take(8);
                case 'D' -> in.take(5);
                case 'S', 'x' -> in.take(in.u32());
                case 'A' -> array(in, depth + 1);
                case 'F' -> table(in, depth + 1);
                case 'V' -> {
                }
                default -> throw unknown(type);
            }
        }
    }

    private static void requireName(WireReader in, int from, int length) {
        if (!ByteBufUtil.isText(in.buffer(), from, length, StandardCharsets.UTF_8)) {
            throw AmqpException.syntax("name of a field is not UTF-8");
        }
    }

    private static AmqpException unknown(int type) {
        return AmqpException
                .syntax("unknown field type " + (type > ' ' && type < 127 ? "'" + (char) type + "'" : type));
    }

    static void write(WireWriter out, Map<String, @Nullable Object> table) {
        int length = out.position();
        out.u32(0);
        table.forEach((name, value) -> {
            out.shortString(name);
            write(out, value);
        });
        out.patchLength(length);
    }

    private static void write(WireWriter out, @Nullable Object value) {
        switch (value) {
            case null -> out.u8('V');
            case Boolean v -> out.u8('t').u8(v ? 1 : 0);
            case Byte v -> out.u8('b').u8(v);
            case Short v -> out.u8('s').u16(v);
            case Integer v -> out.u8('I').u32(v);
            case Long v -> out.u8('l').u64(v);
            case Float v -> out.u8('f').u32(Float.floatToRawIntBits(v));
            case Double v -> out.u8('d').u64(Double.doubleToRawLongBits(v));
            case BigDecimal v -> out.u8('D').u8(scale(v)).u32(v.unscaledValue().intValueExact());
            case String v -> out.u8('S').longString(v);
            case byte[] v -> out.u8('x').longString(v);
            case Instant v -> out.u8('T').u64(v.getEpochSecond());
            case List<?> v -> array(out, v);
            case Map<?, ?> v -> nested(out, v);
            default -> throw new IllegalArgumentException("no field type for " + value.getClass());
        }
    }

    private static int scale(BigDecimal value) {
        if (value.scale() < 0 || value.scale() > 255) {
            throw new IllegalArgumentException("scale is not in 0 to 255: " + value);
        }
        return value.scale();
    }

    private static void array(WireWriter out, List<?> values) {
        out.u8('A');
        int length = out.position();
        out.u32(0);
        for (Object value : values) {
            write(out, value);
        }
        out.patchLength(length);
    }

    private static void nested(WireWriter out, Map<?, ?> table) {
        out.u8('F');
        int length = out.position();
        out.u32(0);
        table.forEach((name, value) -> {
            out.shortString((String) name);
            write(out, value);
        });
        out.patchLength(length);
    }
}
