// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Closed.channel;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Closed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Declaring queues, again and differently. */
@AmqpTest
class QueueDeclarationTest {
    private static final Map<String, Object> NONE = Map.of();

    @Test
    void declareTellsHowManyMessagesAndConsumersThereAre(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.consume(queue, 1);
        amqp.consume(queue, 1);
        amqp.send(queue, "a", "b", "c", "d", "e");

        AMQP.Queue.DeclareOk ok = amqp.channel().queueDeclarePassive(queue);

        assertThat(ok.getQueue()).isEqualTo(queue);
        assertThat(ok.getMessageCount()).as("ready, not those being consumed").isEqualTo(3);
        assertThat(ok.getConsumerCount()).isEqualTo(2);
    }

    @Test
    void declaringAgainChangesNothing(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "m");

        AMQP.Queue.DeclareOk ok = amqp.channel().queueDeclare(queue, true, false, false, NONE);

        assertThat(ok.getMessageCount()).isEqualTo(1);
    }

    @Test
    void aQueueWithoutANameGetsOne(Amqp amqp) throws Exception {
        String one = amqp.channel().queueDeclare("", false, true, true, NONE).getQueue();
        String two = amqp.channel().queueDeclare("", false, true, true, NONE).getQueue();

        assertThat(one).matches("amq\\.gen-[A-Za-z0-9_-]{22}");
        assertThat(two).startsWith("amq.gen-").isNotEqualTo(one);
    }

    @Test
    void theLastDeclaredQueueOfAChannelNeedsNoName(Amqp amqp) throws Exception {
        var channel = amqp.channel();
        String queue = channel.queueDeclare("", false, true, true, NONE).getQueue();
        amqp.send(queue, "m");

        assertThat(channel.basicGet("", true).getBody()).asString().isEqualTo("m");
        assertThat(channel.queuePurge("").getMessageCount()).isZero();
    }

    @Test
    void withoutADeclaredQueueANameIsNeeded(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> ch.queuePurge("")))
                .isEqualTo(channel(404, "NOT_FOUND - no previously declared queue"));
    }

    @Test
    void aPassiveDeclareOfAnAbsentQueueIs404(Amqp amqp) throws Exception {
        String absent = amqp.name("absent");

        assertThat(amqp.refusal(ch -> ch.queueDeclarePassive(absent)))
                .isEqualTo(channel(404, "NOT_FOUND - no queue '" + absent + "' in vhost '/'"));
    }

    @Test
    void namesThatBeginWithAmqAreReserved(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> ch.queueDeclare("amq.mine", false, false, false, NONE)))
                .isEqualTo(channel(403, "ACCESS_REFUSED - queue name 'amq.mine' contains reserved prefix 'amq.*'"));
    }

    @Test
    void evenAServerNamedQueueIsNotDeclaredAgainByName(Amqp amqp) throws Exception {
        String queue = amqp.channel().queueDeclare("", false, true, true, NONE).getQueue();

        assertThat(Amqp.refusal(amqp.channel(), ch -> ch.queueDeclare(queue, false, true, true, NONE))).isEqualTo(
                channel(403, "ACCESS_REFUSED - queue name '" + queue + "' contains reserved prefix 'amq.*'"));
    }

    @Test
    void namesMayHave255BytesOfUtf8(Amqp amqp) throws Exception {
        String prefix = amqp.name("Größe ✓ ");
        String queue = prefix + "x".repeat(255 - Amqp.bytes(prefix).length);

        assertThat(amqp.channel().queueDeclare(queue, false, true, true, NONE).getQueue()).isEqualTo(queue);
    }

    @Test
    void noWaitDeclaresWithoutAnAnswer(Amqp amqp) throws Exception {
        String queue = amqp.name("queue");

        amqp.channel().queueDeclareNoWait(queue, false, false, false, NONE);

        assertThat(amqp.channel().queueDeclarePassive(queue).getMessageCount()).isZero();
    }

    @Test
    void anotherDurabilityIs406(Amqp amqp) throws Exception {
        String queue = amqp.queue();

        assertThat(amqp.refusal(ch -> ch.queueDeclare(queue, false, false, false, NONE)))
                .isEqualTo(differs("durable", queue, "received 'false' but current is 'true'"));
    }

    @Test
    void anotherAutoDeleteIs406(Amqp amqp) throws Exception {
        String queue = amqp.queue();

        assertThat(amqp.refusal(ch -> ch.queueDeclare(queue, true, false, true, NONE)))
                .isEqualTo(differs("auto_delete", queue, "received 'true' but current is 'false'"));
    }

    static Stream<Arguments> differentArguments() {
        return Stream.of(
                Arguments.of(Map.of("x-message-ttl", 60_000), NONE, "x-message-ttl",
                        "received none but current is the value '60000' of type 'signedint'"),
                Arguments.of(NONE, Map.of("x-message-ttl", 60_000), "x-message-ttl",
                        "received the value '60000' of type 'signedint' but current is none"),
                Arguments.of(Map.of("x-message-ttl", 60_000), Map.of("x-message-ttl", 60_001), "x-message-ttl",
                        "received '60001' but current is '60000'"),
                Arguments.of(Map.of("x-expires", 60_000), Map.of("x-expires", 60_001L), "x-expires",
                        "received '60001' but current is '60000'"),
                Arguments.of(Map.of("x-max-length", 5), Map.of("x-max-length", 6), "x-max-length",
                        "received '6' but current is '5'"),
                Arguments.of(Map.of("x-max-length-bytes", 5L), NONE, "x-max-length-bytes",
                        "received none but current is the value '5' of type 'long'"),
                Arguments.of(Map.of("x-overflow", "drop-head"), Map.of("x-overflow", "reject-publish"), "x-overflow",
                        "received 'reject-publish' but current is 'drop-head'"),
                Arguments.of(Map.of("x-dead-letter-exchange", "a"), Map.of("x-dead-letter-exchange", "b"),
                        "x-dead-letter-exchange", "received 'b' but current is 'a'"),
                Arguments.of(Map.of("x-dead-letter-exchange", "a", "x-dead-letter-routing-key", "k"),
                        Map.of("x-dead-letter-exchange", "a"), "x-dead-letter-routing-key",
                        "received none but current is the value 'k' of type 'longstr'"),
                Arguments.of(Map.of("x-queue-type", "quorum"), NONE, "x-queue-type",
                        "received none but current is the value 'quorum' of type 'longstr'"),
                Arguments.of(NONE, Map.of("x-queue-type", "quorum"), "x-queue-type",
                        "received the value 'quorum' of type 'longstr' but current is none"),
                Arguments.of(Map.of("x-queue-type", "quorum", "x-delivery-limit", 3),
                        Map.of("x-queue-type", "quorum", "x-delivery-limit", 4), "x-delivery-limit",
                        "received '4' but current is '3'"));
    }

    @ParameterizedTest(name = "{2}: {3}")
    @MethodSource("differentArguments")
    void anotherArgumentIs406(Map<String, Object> declared, Map<String, Object> again, String argument, String how,
            Amqp amqp) throws Exception {
        String queue = amqp.queue(declared);

        assertThat(amqp.refusal(ch -> ch.queueDeclare(queue, true, false, false, again)))
                .isEqualTo(differs(argument, queue, how));
    }

    @Test
    void theClassicTypeIsTheDefault(Amqp amqp) throws Exception {
        String queue = amqp.queue();

        amqp.channel().queueDeclare(queue, true, false, false, Map.of("x-queue-type", "classic"));
    }

    @Test
    void theWidthOfANumberMakesNoDifference(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-message-ttl", 60_000));

        amqp.channel().queueDeclare(queue, true, false, false, Map.of("x-message-ttl", 60_000L));
    }

    @Test
    void unknownArgumentsAreIgnored(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-colour", "red"));

        amqp.channel().queueDeclare(queue, true, false, false, NONE);
    }

    private static Closed differs(String argument, String queue, String how) {
        return channel(406, "PRECONDITION_FAILED - inequivalent arg '%s' for queue '%s' in vhost '/': %s"
                .formatted(argument, queue, how));
    }
}
