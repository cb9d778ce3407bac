// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.relais.broker.Arguments;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Headers bindings, as RabbitMQ 3.10.8 was seen to match them. */
class HeadersMatchTest {

    record Case(Map<String, @Nullable Object> binding, Map<String, @Nullable Object> headers, boolean matches) {}

    private static Map<String, @Nullable Object> table(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> table = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            table.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return table;
    }

    private static Map<String, @Nullable Object> match(String mode, @Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> table = table(namesAndValues);
        table.put("x-match", mode);
        return table;
    }

    static List<Case> cases() {
        return List.of(new Case(table(), table(), true), new Case(match("any"), table(), false),
                new Case(match("all"), table("a", 1), true), new Case(match("all", "a", 1), table("a", 1), true),
                new Case(match("all", "a", 1), table("a", 1L), true),
                new Case(match("all", "a", null), table("a", 7), true),
                new Case(match("all", "a", null), table("b", 7), false),
                new Case(match("all", "a", 7), table("a", null), false),
                new Case(match("any", "a", null, "b", 2), table("a", 7), true),
                new Case(match("all", "x-a", 1), table("x-a", 2), true),
                new Case(match("all-with-x", "x-a", 1), table("x-a", 2), false),
                new Case(match("all-with-x", "x-a", 1), table("x-a", 1), true),
                new Case(match("any-with-x", "x-a", 1), table("x-a", 1), true),
                new Case(match("any", "x-a", 1), table("x-a", 1), false),
                new Case(match("any-with-x", "x-a", 1, "b", 2), table("b", 2), true),
                new Case(table("a", "s"), table("a", "s".getBytes(StandardCharsets.UTF_8)), true),
                new Case(table("a", true), table("a", 1), false), new Case(table("a", "1"), table("a", 1), false),
                new Case(table("a", 5), table("a", Instant.ofEpochSecond(5)), true),
                new Case(table("a", 5), table("a", 5.0), true), new Case(table("a", 5), table("a", 5.5f), false),
                new Case(table("a", List.of(1, 2)), table("a", List.of(1, 2)), true),
                new Case(table("a", List.of(1, 2)), table("a", List.of(1, 2L)), false),
                new Case(table("a", table("x", 1, "y", 2)), table("a", table("x", 1, "y", 2)), true),
                new Case(table("a", table("x", 1, "y", 2)), table("a", table("y", 2, "x", 1)), false),
                new Case(table("a", 5), table("a", 5_000_000_000L), false),
                new Case(match("all", "a", 1, "b", 2), table("a", 1), false),
                new Case(match("any", "a", 1, "b", 2), table("a", 1, "b", 3), true),
                new Case(table("a", new BigDecimal("1.5")), table("a", new BigDecimal("1.5")), true),
                new Case(table("a", new BigDecimal("2")), table("a", 2), false));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void matchesWhatRabbitMqMatches(Case example) {
        assertThat(HeadersMatch.of(Arguments.of(example.binding())).matches(example.headers()))
                .isEqualTo(example.matches());
    }

    @Test
    void anUnknownModeIsRefusedInRabbitMqsWords() {
        assertThat(HeadersMatch.problem(Arguments.of(Map.of("x-match", "foo"))))
                .isEqualTo("Invalid x-match field value <<\"foo\">>; expected all, any, all-with-x, or any-with-x");
        assertThat(HeadersMatch.problem(Arguments.of(Map.of("x-match", 5))))
                .isEqualTo("Invalid x-match field type signedint (value 5); expected longstr");
        assertThat(HeadersMatch.problem(Arguments.of(Map.of("x-match", "any-with-x")))).isNull();
        assertThat(HeadersMatch.problem(Arguments.of(Collections.emptyMap()))).isNull();
    }
}
