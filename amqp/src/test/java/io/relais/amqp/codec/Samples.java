// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Random things that may be on the wire. */
public final class Samples {
    private static final String CHARACTERS = "abcXYZ019.-#* äß€😀";

    private final Random random;

    public Samples(Random random) {
        this.random = random;
    }

    /** Every method there is. */
    static List<Class<?>> methodTypes() {
        return Arrays.stream(Method.class.getPermittedSubclasses())
                .flatMap(c -> Arrays.stream(c.getPermittedSubclasses()))
                .toList();
    }

    public Method method() {
        return method(methodTypes().get(random.nextInt(methodTypes().size())));
    }

    Method method(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = Arrays.stream(components).map(this::component).toArray();
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
        try {
            return (Method) type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.toString(), e);
        }
    }

    private Object component(RecordComponent component) {
        if (component.getGenericType() instanceof ParameterizedType) {
            return table();
        }
        return switch (component.getType().getName()) {
            case "boolean" -> random.nextBoolean();
            case "int" -> component.getName().startsWith("version") ? random.nextInt(256) : random.nextInt(65_536);
            case "long" -> component.getName().equals("deliveryTag") ? random.nextLong() : random.nextLong(1L << 32);
            case "java.lang.String" -> text(255);
            default -> bytes(random.nextInt(50));
        };
    }

    public Map<String, @Nullable Object> table() {
        return table(3);
    }

    private Map<String, @Nullable Object> table(int depth) {
        Map<String, @Nullable Object> table = new LinkedHashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            table.put(text(20), value(depth));
        }
        return table;
    }

    private @Nullable Object value(int depth) {
        return switch (random.nextInt(depth > 0 ? 14 : 12)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> (byte) random.nextInt();
            case 3 -> (short) random.nextInt();
            case 4 -> random.nextInt();
            case 5 -> random.nextLong();
            case 6 -> random.nextFloat();
            case 7 -> random.nextDouble();
            case 8 -> new BigDecimal(BigInteger.valueOf(random.nextInt()), random.nextInt(256));
            case 9 -> text(300);
            case 10 -> Instant.ofEpochSecond(random.nextLong(1L << 33));
            case 11 -> bytes(random.nextInt(30));
            case 12 -> array(depth - 1);
            default -> table(depth - 1);
        };
    }

    private List<@Nullable Object> array(int depth) {
        List<@Nullable Object> array = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            array.add(value(depth));
        }
        return array;
    }

    /** Text of at most so many bytes of UTF-8. */
    String text(int maxBytes) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(maxBytes / 4 + 1); i > 0; i--) {
            text.appendCodePoint(CHARACTERS.codePoints().toArray()[random
                    .nextInt(CHARACTERS.codePointCount(0, CHARACTERS.length()))]);
        }
        return text.toString();
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Raw properties: any of them, well formed. */
    ByteBuf properties() {
        ByteBuf out = Unpooled.buffer().writeShort(0);
        int flags = 0;
        for (Property property : Property.values()) {
            if (random.nextInt(3) == 0) {
                flags |= property.flag;
                WireWriter writer = new WireWriter(out);
                switch (property.kind) {
                    case SHORT_STRING -> writer.shortString(property == Property.EXPIRATION ? "60000" : text(40));
                    case OCTET -> writer.u8(1 + random.nextInt(2));
                    case TIMESTAMP -> writer.u64(random.nextLong());
                    case TABLE -> writer.table(table());
                }
            }
        }
        return out.setShort(0, flags);
    }

    /** A frame around a payload. */
    public static ByteBuf frame(int type, int channel, ByteBuf payload) {
        return Unpooled.buffer().writeByte(type).writeShort(channel).writeInt(payload.readableBytes())
                .writeBytes(payload, payload.readerIndex(), payload.readableBytes()).writeByte(Frame.END);
    }

    /** A method frame. */
    public static ByteBuf frame(int channel, Method method) {
        ByteBuf payload = Unpooled.buffer();
        method.encodeAll(new WireWriter(payload));
        return frame(Frame.METHOD, channel, payload);
    }
}
