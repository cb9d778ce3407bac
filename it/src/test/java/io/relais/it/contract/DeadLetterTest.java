// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static com.rabbitmq.client.BuiltinExchangeType.DIRECT;
import static com.rabbitmq.client.BuiltinExchangeType.FANOUT;
import static io.relais.it.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What becomes of messages that were rejected, expired or pushed out (RabbitMQ: dead letter exchanges). */
@AmqpTest
class DeadLetterTest {

    /** A queue whose dead letters go straight to another. */
    private static String queueWithDeadLettersTo(String dead, Map<String, Object> more, Amqp amqp) throws Exception {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.put("x-dead-letter-exchange", "");
        arguments.put("x-dead-letter-routing-key", dead);
        return amqp.queue(arguments);
    }

    private static void rejectOne(String queue, Amqp amqp) throws Exception {
        Channel channel = amqp.openChannel();
        GetResponse message = channel.basicGet(queue, false);
        channel.basicReject(message.getEnvelope().getDeliveryTag(), false);
        channel.close();
    }

    /** The header x-death, with texts as String. */
    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> deaths(GetResponse message) {
        return ((List<Map<String, Object>>) Objects.requireNonNull(message.getProps().getHeaders().get("x-death")))
                .stream().map(DeadLetterTest::plain).toList();
    }

    private static Map<String, Object> plain(Map<String, Object> table) {
        Map<String, Object> plain = new HashMap<>();
        table.forEach((name, value) -> plain.put(name, plain(value)));
        return plain;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case com.rabbitmq.client.LongString text -> text.toString();
            case List<?> list -> list.stream().map(DeadLetterTest::plain).toList();
            default -> value;
        };
    }

    private static String header(GetResponse message, String name) {
        return String.valueOf(message.getProps().getHeaders().get(name));
    }

    @Test
    void aRejectedMessageIsDeadLettered(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = queueWithDeadLettersTo(dead, Map.of(), amqp);
        amqp.publish("", queue, "m");

        rejectOne(queue, amqp);

        GetResponse message = amqp.take(dead);
        assertThat(Amqp.text(message)).isEqualTo("m");
        assertThat(message.getEnvelope().getExchange()).isEmpty();
        assertThat(message.getEnvelope().getRoutingKey()).isEqualTo(dead);
        assertThat(message.getEnvelope().isRedeliver()).isFalse();
    }

    @Test
    void itsDeathIsToldInTheHeaders(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = queueWithDeadLettersTo(dead, Map.of(), amqp);
        amqp.publish("", queue, "m");

        rejectOne(queue, amqp);

        GetResponse message = amqp.take(dead);
        assertThat(header(message, "x-first-death-reason")).isEqualTo("rejected");
        assertThat(header(message, "x-first-death-queue")).isEqualTo(queue);
        assertThat(header(message, "x-first-death-exchange")).isEmpty();
        Map<String, Object> death = deaths(message).getFirst();
        assertThat(death).containsOnlyKeys("count", "reason", "queue", "time", "exchange", "routing-keys")
                .containsEntry("count", 1L).containsEntry("reason", "rejected").containsEntry("queue", queue)
                .containsEntry("exchange", "").containsEntry("routing-keys", List.of(queue));
        assertThat(death.get("time")).asInstanceOf(InstanceOfAssertFactories.DATE).isCloseTo(Instant.now(), 300_000);
    }

    @Test
    void withoutADeadLetterRoutingKeyTheOriginalIsKept(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        String dlx = amqp.exchange(DIRECT);
        String dead = amqp.queueBoundTo(dlx, "red");
        String queue = amqp.queue(Map.of("x-dead-letter-exchange", dlx));
        amqp.channel().queueBind(queue, exchange, "red");
        amqp.publish(exchange, "red", "m");

        rejectOne(queue, amqp);

        GetResponse message = amqp.take(dead);
        assertThat(message.getEnvelope().getExchange()).isEqualTo(dlx);
        assertThat(message.getEnvelope().getRoutingKey()).isEqualTo("red");
        assertThat(header(message, "x-first-death-exchange")).isEqualTo(exchange);
        assertThat(deaths(message).getFirst()).containsEntry("exchange", exchange).containsEntry("routing-keys",
                List.of("red"));
    }

    @Test
    void nackAndRejectWithoutRequeueAreTheSame(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = queueWithDeadLettersTo(dead, Map.of(), amqp);
        amqp.send(queue, "a", "b", "c");
        Channel channel = amqp.openChannel();
        for (int i = 0; i < 3; i++) {
            channel.basicGet(queue, false);
        }

        channel.basicNack(3, true, false);

        eventually(() -> assertThat(amqp.depth(dead)).isEqualTo(3));
        assertThat(amqp.drain(dead)).containsExactly("a", "b", "c");
    }

    @Test
    void requeueIsNoDeath(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = queueWithDeadLettersTo(dead, Map.of(), amqp);
        amqp.send(queue, "m");
        Channel channel = amqp.openChannel();
        channel.basicGet(queue, false);

        channel.basicNack(1, false, true);

        assertThat(amqp.drain(queue)).containsExactly("m");
        assertThat(amqp.drain(dead)).isEmpty();
    }

    @Test
    void anExpiredMessageIsDeadLettered(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = queueWithDeadLettersTo(dead, Map.of("x-message-ttl", 50), amqp);

        amqp.send(queue, "m");

        GetResponse message = amqp.take(dead);
        assertThat(header(message, "x-first-death-reason")).isEqualTo("expired");
        assertThat(deaths(message).getFirst()).containsEntry("reason", "expired")
                .doesNotContainKey("original-expiration");
    }

    @Test
    void theExpirationOfAMessageMovesIntoTheHistory(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = queueWithDeadLettersTo(dead, Map.of(), amqp);

        amqp.publish("", queue, new AMQP.BasicProperties.Builder().expiration("50").build(), "m");

        GetResponse message = amqp.take(dead);
        assertThat(message.getProps().getExpiration()).as("so that it does not expire again").isNull();
        assertThat(deaths(message).getFirst()).containsEntry("original-expiration", "50").containsEntry("reason",
                "expired");
    }

    @Test
    void aRejectedMessageLosesItsExpirationToo(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = queueWithDeadLettersTo(dead, Map.of(), amqp);
        amqp.publish("", queue, new AMQP.BasicProperties.Builder().expiration("60000").build(), "m");

        rejectOne(queue, amqp);

        GetResponse message = amqp.take(dead);
        assertThat(message.getProps().getExpiration()).isNull();
        assertThat(deaths(message).getFirst()).containsEntry("original-expiration", "60000");
    }

    @Test
    void aMessagePushedOutIsDeadLettered(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = queueWithDeadLettersTo(dead, Map.of("x-max-length", 1), amqp);

        amqp.send(queue, "a", "b");

        GetResponse message = amqp.take(dead);
        assertThat(Amqp.text(message)).isEqualTo("a");
        assertThat(header(message, "x-first-death-reason")).isEqualTo("maxlen");
        assertThat(deaths(message).getFirst()).containsEntry("reason", "maxlen");
    }

    @Test
    void rejectPublishDlxDeadLettersTheNewMessage(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = queueWithDeadLettersTo(dead, Map.of("x-max-length", 1, "x-overflow", "reject-publish-dlx"),
                amqp);
        amqp.send(queue, "a");

        amqp.openChannel().basicPublish("", queue, null, Amqp.bytes("b"));

        GetResponse message = amqp.take(dead);
        assertThat(Amqp.text(message)).isEqualTo("b");
        assertThat(header(message, "x-first-death-reason")).isEqualTo("maxlen");
        assertThat(amqp.drain(queue)).containsExactly("a");
    }

    @Test
    void rejectPublishDeadLettersNothing(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = queueWithDeadLettersTo(dead, Map.of("x-max-length", 1, "x-overflow", "reject-publish"), amqp);
        amqp.send(queue, "a");

        Channel channel = amqp.openChannel();
        channel.confirmSelect();
        channel.basicPublish("", queue, null, Amqp.bytes("b"));

        assertThat(channel.waitForConfirms(5_000)).isFalse();
        assertThat(amqp.drain(dead)).isEmpty();
    }

    @Test
    void purgeAndDeleteDeadLetterNothing(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = queueWithDeadLettersTo(dead, Map.of(), amqp);
        amqp.send(queue, "a");
        amqp.channel().queuePurge(queue);
        amqp.send(queue, "b");

        amqp.channel().queueDelete(queue);

        assertThat(amqp.drain(dead)).isEmpty();
    }

    @Test
    void deathsOfTheSameKindAreCounted(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = queueWithDeadLettersTo(dead, Map.of(), amqp);
        amqp.send(queue, "m");

        for (int i = 0; i < 3; i++) {
            rejectOne(queue, amqp);
            GetResponse message = amqp.take(dead);
            assertThat(deaths(message)).hasSize(1).first().satisfies(d -> assertThat(d).containsEntry("queue", queue));
            assertThat(deaths(message).getFirst()).containsEntry("count", i + 1L);
            amqp.publish("", queue, message.getProps(), "m");
        }
    }

    @Test
    void theLatestDeathComesFirstInTheHistory(Amqp amqp) throws Exception {
        String last = amqp.queue();
        String middle = queueWithDeadLettersTo(last, Map.of("x-message-ttl", 20), amqp);
        String first = queueWithDeadLettersTo(middle, Map.of(), amqp);
        amqp.send(first, "m");

        rejectOne(first, amqp);

        GetResponse message = amqp.take(last);
        assertThat(deaths(message)).extracting(d -> d.get("queue")).containsExactly(middle, first);
        assertThat(deaths(message)).extracting(d -> d.get("reason")).containsExactly("expired", "rejected");
        assertThat(header(message, "x-first-death-queue")).isEqualTo(first);
        assertThat(header(message, "x-first-death-reason")).isEqualTo("rejected");
    }

    @Test
    void theOtherHeadersAndPropertiesStay(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = queueWithDeadLettersTo(dead, Map.of(), amqp);
        amqp.publish("", queue, new AMQP.BasicProperties.Builder().messageId("7").deliveryMode(2)
                .headers(Map.of("colour", "red")).build(), "m");

        rejectOne(queue, amqp);

        GetResponse message = amqp.take(dead);
        assertThat(message.getProps().getMessageId()).isEqualTo("7");
        assertThat(message.getProps().getDeliveryMode()).isEqualTo(2);
        assertThat(header(message, "colour")).isEqualTo("red");
    }

    @Test
    void aDeadLetterExchangeThatDoesNotExistDropsQuietly(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-dead-letter-exchange", "nowhere"));
        amqp.send(queue, "m");

        rejectOne(queue, amqp);

        assertThat(amqp.depth(queue)).isZero();
    }

    @Test
    void aCycleWithoutRejectionIsCut(Amqp amqp) throws Exception {
        String queue = amqp.name("queue");
        amqp.channel().queueDeclare(queue, true, false, false, Map.of("x-message-ttl", 50, "x-dead-letter-exchange", "",
                "x-dead-letter-routing-key", queue));

        amqp.send(queue, "m");

        eventually(() -> assertThat(amqp.depth(queue)).isZero());
        Thread.sleep(100);
        assertThat(amqp.get(queue)).isEmpty();
    }

    @Test
    void aCycleThroughTwoQueuesIsCut(Amqp amqp) throws Exception {
        String one = amqp.name("one");
        String two = queueWithDeadLettersTo(one, Map.of("x-message-ttl", 30), amqp);
        amqp.channel().queueDeclare(one, true, false, false, Map.of("x-message-ttl", 30, "x-dead-letter-exchange", "",
                "x-dead-letter-routing-key", two));

        amqp.send(one, "m");

        Thread.sleep(300);
        assertThat(amqp.depth(one) + amqp.depth(two)).isZero();
    }

    @Test
    void aCycleWithARejectionGoesOn(Amqp amqp) throws Exception {
        String retry = amqp.name("retry");
        String work = queueWithDeadLettersTo(retry, Map.of(), amqp);
        amqp.channel().queueDeclare(retry, true, false, false, Map.of("x-message-ttl", 30, "x-dead-letter-exchange", "",
                "x-dead-letter-routing-key", work));
        amqp.send(work, "m");

        for (int i = 0; i < 3; i++) {
            eventually(() -> assertThat(amqp.depth(work)).isEqualTo(1));
            rejectOne(work, amqp);
        }

        GetResponse message = amqp.take(work);
        assertThat(deaths(message)).extracting(d -> d.get("reason") + " " + d.get("count"))
                .containsExactly("expired 3", "rejected 3");
    }

    @Test
    void aFanOutOfDeadLettersReachesAllQueues(Amqp amqp) throws Exception {
        String dlx = amqp.exchange(FANOUT);
        String one = amqp.queueBoundTo(dlx, "");
        String two = amqp.queueBoundTo(dlx, "");
        String queue = amqp.queue(Map.of("x-dead-letter-exchange", dlx));
        amqp.send(queue, "m");

        rejectOne(queue, amqp);

        assertThat(Amqp.text(amqp.take(one))).isEqualTo("m");
        assertThat(Amqp.text(amqp.take(two))).isEqualTo("m");
    }

    @Test
    void carbonCopiesAreNamedInTheHistoryAndCountForRouting(Amqp amqp) throws Exception {
        String dlx = amqp.exchange(DIRECT);
        String viaCopy = amqp.queueBoundTo(dlx, "copy");
        String queue = amqp.queue(Map.of("x-dead-letter-exchange", dlx));
        amqp.publish("", queue, new AMQP.BasicProperties.Builder().headers(Map.of("CC", List.of("copy"))).build(), "m");

        rejectOne(queue, amqp);

        GetResponse message = amqp.take(viaCopy);
        assertThat(deaths(message).getFirst()).containsEntry("routing-keys", List.of(queue, "copy"));
    }

    @Test
    void aDeadLetterRoutingKeyReplacesTheCarbonCopies(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String copy = amqp.queue();
        String queue = queueWithDeadLettersTo(dead, Map.of(), amqp);
        amqp.publish("", queue, new AMQP.BasicProperties.Builder().headers(Map.of("CC", List.of(copy))).build(), "m");
        assertThat(amqp.drain(copy)).hasSize(1);

        rejectOne(queue, amqp);

        assertThat(amqp.take(dead).getProps().getHeaders()).doesNotContainKey("CC");
        assertThat(amqp.drain(copy)).isEmpty();
    }
}
