// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static com.rabbitmq.client.BuiltinExchangeType.HEADERS;
import static io.relais.it.fixture.Closed.channel;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Headers exchanges: bindings by table, with {@code x-match} all, any, all-with-x, any-with-x. */
@AmqpTest
class HeadersExchangeTest {

    static Stream<Arguments> matches() {
        return Stream.of(
                Arguments.of("all: every header must be equal", Map.of("x-match", "all", "a", 1, "b", "x"),
                        Map.of("a", 1, "b", "x", "c", 2), true),
                Arguments.of("all: one differs", Map.of("x-match", "all", "a", 1, "b", "x"), Map.of("a", 1, "b", "y"),
                        false),
                Arguments.of("all: one is missing", Map.of("x-match", "all", "a", 1, "b", "x"), Map.of("a", 1), false),
                Arguments.of("all is the default", Map.of("a", 1, "b", "x"), Map.of("a", 1), false),
                Arguments.of("all of nothing matches anything", Map.of("x-match", "all"), Map.of("a", 1), true),
                Arguments.of("all without headers", Map.of("a", 1), Map.of(), false),
                Arguments.of("any: one is equal", Map.of("x-match", "any", "a", 1, "b", "x"), Map.of("a", 2, "b", "x"),
                        true),
                Arguments.of("any: none is equal", Map.of("x-match", "any", "a", 1), Map.of("a", 2), false),
                Arguments.of("any of nothing matches nothing", Map.of("x-match", "any"), Map.of("a", 1), false),
                Arguments.of("all ignores arguments that begin with x-", Map.of("x-match", "all", "a", 1, "x-b", 2),
                        Map.of("a", 1), true),
                Arguments.of("any ignores arguments that begin with x-", Map.of("x-match", "any", "x-b", 2),
                        Map.of("x-b", 2), false),
                Arguments.of("all-with-x counts them", Map.of("x-match", "all-with-x", "a", 1, "x-b", 2),
                        Map.of("a", 1), false),
                Arguments.of("all-with-x: all are equal", Map.of("x-match", "all-with-x", "a", 1, "x-b", 2),
                        Map.of("a", 1, "x-b", 2), true),
                Arguments.of("any-with-x counts them", Map.of("x-match", "any-with-x", "a", 1, "x-b", 2),
                        Map.of("x-b", 2), true),
                Arguments.of("any-with-x: none is equal", Map.of("x-match", "any-with-x", "a", 1, "x-b", 2),
                        Map.of("x-b", 3), false),
                Arguments.of("numbers of different width are equal", Map.of("a", 1), Map.of("a", 1L), true),
                Arguments.of("a number is not its text", Map.of("a", 1), Map.of("a", "1"), false),
                Arguments.of("booleans", Map.of("a", true), Map.of("a", true), true),
                Arguments.of("lists", Map.of("a", List.of(1, 2)), Map.of("a", List.of(1, 2)), true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("matches")
    void aBindingMatchesHeadersOrNot(String rule, Map<String, Object> binding, Map<String, Object> headers,
            boolean matches, Amqp amqp) throws Exception {
        String exchange = amqp.exchange(HEADERS);
        String queue = amqp.queue();
        amqp.channel().queueBind(queue, exchange, "", binding);

        amqp.publish(exchange, "", new AMQP.BasicProperties.Builder().headers(headers).build(), "m");

        assertThat(amqp.drain(queue)).as(rule).hasSize(matches ? 1 : 0);
    }

    @Test
    void anArgumentWithoutValueAsksOnlyThatTheHeaderIsThere(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(HEADERS);
        String queue = amqp.queue();
        Map<String, Object> binding = new HashMap<>();
        binding.put("a", null);
        amqp.channel().queueBind(queue, exchange, "", binding);

        amqp.publish(exchange, "", new AMQP.BasicProperties.Builder().headers(Map.of("a", 7)).build(), "has it");
        amqp.publish(exchange, "", new AMQP.BasicProperties.Builder().headers(Map.of("b", 7)).build(), "has not");

        assertThat(amqp.drain(queue)).containsExactly("has it");
    }

    @Test
    void aMessageWithoutHeadersMatchesABindingWithoutArguments(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(HEADERS);
        String queue = amqp.queueBoundTo(exchange, "");

        amqp.publish(exchange, "", "m");

        assertThat(amqp.drain(queue)).containsExactly("m");
    }

    @Test
    void bindingsThatDifferInArgumentsAreDifferent(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(HEADERS);
        String queue = amqp.queue();
        amqp.channel().queueBind(queue, exchange, "", Map.of("a", 1));
        amqp.channel().queueBind(queue, exchange, "", Map.of("a", 2));

        amqp.channel().queueUnbind(queue, exchange, "", Map.of("a", 1));
        amqp.publish(exchange, "", new AMQP.BasicProperties.Builder().headers(Map.of("a", 1)).build(), "1");
        amqp.publish(exchange, "", new AMQP.BasicProperties.Builder().headers(Map.of("a", 2)).build(), "2");

        assertThat(amqp.drain(queue)).containsExactly("2");
    }

    @Test
    void anUnknownXMatchIsRefused(Amqp amqp) throws Exception {
        String queue = amqp.queue();

        assertThat(amqp.refusal(ch -> ch.queueBind(queue, "amq.headers", "", Map.of("x-match", "some"))))
                .isEqualTo(channel(406, "PRECONDITION_FAILED - Invalid x-match field value <<\"some\">>; expected all,"
                        + " any, all-with-x, or any-with-x"));
    }

    @Test
    void anXMatchThatIsNoTextIsRefused(Amqp amqp) throws Exception {
        String queue = amqp.queue();

        assertThat(amqp.refusal(ch -> ch.queueBind(queue, "amq.headers", "", Map.of("x-match", 1))))
                .isEqualTo(channel(406,
                        "PRECONDITION_FAILED - Invalid x-match field type signedint (value 1); expected longstr"));
    }
}
