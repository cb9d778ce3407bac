// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Closed.channel;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the arguments of a queue may be, and what those are told who got them wrong. */
@AmqpTest
class QueueArgumentsTest {

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("x-message-ttl", "a", "\"expected integer, got longstr\""),
                Arguments.of("x-message-ttl", -1, "{value_negative,-1}"),
                Arguments.of("x-message-ttl", true, "\"expected integer, got bool\""),
                Arguments.of("x-expires", 0, "{value_zero,0}"),
                Arguments.of("x-expires", -5, "{value_negative,-5}"),
                Arguments.of("x-expires", "a", "\"expected integer, got longstr\""),
                Arguments.of("x-max-length", -1, "{value_negative,-1}"),
                Arguments.of("x-max-length", "5", "\"expected integer, got longstr\""),
                Arguments.of("x-max-length-bytes", -1, "{value_negative,-1}"),
                Arguments.of("x-overflow", "spill", "invalid_overflow"),
                Arguments.of("x-overflow", 1, "{unacceptable_type,signedint}"),
                Arguments.of("x-dead-letter-routing-key", "k", "routing_key_but_no_dlx_defined"),
                Arguments.of("x-queue-type", "heap", "\"unsupported queue type 'heap'\""),
                Arguments.of("x-queue-type", 1, "{unacceptable_type,signedint}"),
                Arguments.of("x-max-priority", 256, "{max_value_exceeded,256}"),
                Arguments.of("x-max-priority", "a", "\"expected integer, got longstr\""),
                Arguments.of("x-queue-mode", "eager", "\"unsupported queue mode 'eager'\""),
                Arguments.of("x-single-active-consumer", "true", "{unacceptable_type,longstr}"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("wrong")
    void aWrongValueIsNamed(String argument, Object value, String why, Amqp amqp) throws Exception {
        String queue = amqp.name("queue");

        assertThat(amqp.refusal(ch -> ch.queueDeclare(queue, true, false, false, Map.of(argument, value))))
                .isEqualTo(channel(406, "PRECONDITION_FAILED - invalid arg '%s' for queue '%s' in vhost '/': %s"
                        .formatted(argument, queue, why)));
    }

    @Test
    void aDeadLetterExchangeMustBeAText(Amqp amqp) throws Exception {
        String queue = amqp.name("queue");

        assertThat(amqp.refusal(
                ch -> ch.queueDeclare(queue, true, false, false, Map.of("x-dead-letter-exchange", 1))))
                .isEqualTo(channel(406, "PRECONDITION_FAILED - invalid type 'signedint' for arg"
                        + " 'x-dead-letter-exchange' in queue '" + queue + "' in vhost '/'"));
    }

    static Stream<Arguments> right() {
        return Stream.of(
                Arguments.of("x-message-ttl", 0), Arguments.of("x-message-ttl", 4_294_967_297L),
                Arguments.of("x-expires", 4_294_967_296L), Arguments.of("x-max-length", 0),
                Arguments.of("x-max-length-bytes", 0L), Arguments.of("x-overflow", "reject-publish-dlx"),
                Arguments.of("x-dead-letter-exchange", "does-not-exist-yet"), Arguments.of("x-queue-mode", "lazy"),
                Arguments.of("x-queue-version", 2), Arguments.of("x-consumer-timeout", 5),
                Arguments.of("no-prefix", 1));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("right")
    void aValueAtTheEdgeIsTaken(String argument, Object value, Amqp amqp) throws Exception {
        amqp.queue(Map.of(argument, value));
    }

    static Stream<Arguments> notForClassic() {
        return Stream.of(Arguments.of("x-delivery-limit", 3), Arguments.of("x-max-age", "1D"),
                Arguments.of("x-dead-letter-strategy", "at-least-once"), Arguments.of("x-max-in-memory-length", 3),
                Arguments.of("x-quorum-initial-group-size", 3), Arguments.of("x-queue-leader-locator", "balanced"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notForClassic")
    void classicQueuesRefuseWhatOnlyOtherTypesHave(String argument, Object value, Amqp amqp) throws Exception {
        String queue = amqp.name("queue");

        assertThat(amqp.refusal(ch -> ch.queueDeclare(queue, true, false, false, Map.of(argument, value))))
                .isEqualTo(channel(406,
                        "PRECONDITION_FAILED - invalid arg '%s' for queue '%s' in vhost '/' of queue type rabbit_classic_queue"
                                .formatted(argument, queue)));
    }

    static Stream<Arguments> notForQuorum() {
        return Stream.of(Arguments.of("x-max-priority", 5), Arguments.of("x-queue-mode", "lazy"),
                Arguments.of("x-queue-version", 2), Arguments.of("x-max-age", "1D"),
                Arguments.of("x-queue-master-locator", "min-masters"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notForQuorum")
    void quorumQueuesRefuseWhatOnlyOtherTypesHave(String argument, Object value, Amqp amqp) throws Exception {
        String queue = amqp.name("queue");
        Map<String, Object> arguments = new HashMap<>(Map.of("x-queue-type", "quorum"));
        arguments.put(argument, value);

        assertThat(amqp.refusal(ch -> ch.queueDeclare(queue, true, false, false, arguments)))
                .isEqualTo(channel(406,
                        "PRECONDITION_FAILED - invalid arg '%s' for queue '%s' in vhost '/' of queue type rabbit_quorum_queue"
                                .formatted(argument, queue)));
    }

    static Stream<Arguments> notAQuorumQueue() {
        return Stream.of(Arguments.of(false, false, false, "non-durable"),
                Arguments.of(true, true, false, "exclusive-owner"), Arguments.of(true, false, true, "auto-delete"));
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("notAQuorumQueue")
    void quorumQueuesAreDurableSharedAndLasting(boolean durable, boolean exclusive, boolean autoDelete,
            String property, Amqp amqp) throws Exception {
        String queue = amqp.name("queue");

        assertThat(amqp.refusal(
                ch -> ch.queueDeclare(queue, durable, exclusive, autoDelete, Map.of("x-queue-type", "quorum"))))
                .isEqualTo(channel(406, "PRECONDITION_FAILED - invalid property '%s' for queue '%s' in vhost '/'"
                        .formatted(property, queue)));
    }

    @Test
    void quorumQueuesNeedAName(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> ch.queueDeclare("", true, false, false, Map.of("x-queue-type", "quorum"))))
                .isEqualTo(channel(406, "PRECONDITION_FAILED - Cannot declare a server-named queue for type"
                        + " rabbit_quorum_queue"));
    }

    @Test
    void theArgumentsOfQuorumQueuesAreTaken(Amqp amqp) throws Exception {
        amqp.quorumQueue(Map.of("x-delivery-limit", 3, "x-message-ttl", 60_000, "x-expires", 60_000, "x-max-length", 5,
                "x-overflow", "reject-publish", "x-dead-letter-exchange", "", "x-dead-letter-strategy",
                "at-least-once"));
    }
}
