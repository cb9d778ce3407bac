// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Arguments come back from the metadata with the very types they had. */
class ArgumentsJsonTest {

    @RepeatedTest(50)
    void anyTableComesBackAsItWas() {
        long seed = Long.getLong("seed", RandomGenerator.getDefault().nextLong());
        Map<String, @Nullable Object> table = table(new Random(seed), 3);

        Map<String, @Nullable Object> read = ArgumentsJson.readTable(
                Json.object(ArgumentsJson.write(table).getBytes(StandardCharsets.UTF_8)));

        assertThat(read).as("-Dseed=%d", seed).usingRecursiveComparison().isEqualTo(table);
        assertThat(Arguments.of(read)).isEqualTo(Arguments.of(table));
    }

    private static Map<String, @Nullable Object> table(Random random, int depth) {
        Map<String, @Nullable Object> table = new LinkedHashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            table.put(text(random), value(random, depth));
        }
        return table;
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 13 : 11)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> (byte) random.nextInt();
            case 3 -> (short) random.nextInt();
            case 4 -> random.nextInt();
            case 5 -> random.nextLong();
            case 6 -> random.nextFloat();
            case 7 -> random.nextBoolean() ? Double.NEGATIVE_INFINITY : random.nextDouble();
            case 8 -> new BigDecimal(new BigInteger(31, random), random.nextInt(20));
            case 9 -> text(random);
            case 10 -> random.nextBoolean() ? Instant.ofEpochSecond(random.nextInt()) : bytes(random);
            case 11 -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth - 1));
                }
                yield list;
            }
            default -> table(random, depth - 1);
        };
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(5)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String text(Random random) {
        return List.of("", "a", "x-match", "ä€", "\"\\\n\u0000", "😀").get(random.nextInt(6)) + random.nextInt(10);
    }

    @Test
    void argumentsAreComparedByTypeAndValueInAnyOrder() {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("a", 1);
        one.put("b", "2".getBytes(StandardCharsets.UTF_8));
        Map<String, @Nullable Object> other = new LinkedHashMap<>();
        other.put("b", "2".getBytes(StandardCharsets.UTF_8));
        other.put("a", 1);

        assertThat(Arguments.of(one)).isEqualTo(Arguments.of(other)).hasSameHashCodeAs(Arguments.of(other));
        assertThat(Arguments.of(Map.of("a", 1))).isNotEqualTo(Arguments.of(Map.of("a", 1L)));
    }

    @Test
    void keysOfTheMetadataHoldAnyName() {
        assertThat(MetadataKeys.queue("/", "a/b ü~%")).isEqualTo("/queues/%2F/a%2Fb%20%C3%BC%7E%25");
        assertThat(MetadataKeys.exchange("v", "amq-x_1.y")).isEqualTo("/exchanges/v/amq-x_1.y");
    }
}
