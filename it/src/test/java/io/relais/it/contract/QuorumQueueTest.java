// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Closed.connection;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Inbox;
import org.junit.jupiter.api.Test;

/** Quorum queues: delivery count and its limit. */
@AmqpTest
class QuorumQueueTest {

    private static Object deliveryCount(GetResponse message) {
        Map<String, Object> headers = message.getProps().getHeaders();
        return headers == null || headers.get("x-delivery-count") == null ? "none" : headers.get("x-delivery-count");
    }

    @Test
    void messagesGoInAndOutInOrder(Amqp amqp) throws Exception {
        String queue = amqp.quorumQueue(Map.of());

        amqp.send(queue, "a", "b", "c");

        assertThat(amqp.consume(queue).nextBodies(3)).containsExactly("a", "b", "c");
    }

    @Test
    void persistentMessagesAreConfirmed(Amqp amqp) throws Exception {
        String queue = amqp.quorumQueue(Map.of());

        amqp.publish("", queue, MessageProperties.PERSISTENT_BASIC, "m");

        assertThat(Amqp.text(amqp.take(queue))).isEqualTo("m");
    }

    @Test
    void theFirstDeliveryCountsNone(Amqp amqp) throws Exception {
        String queue = amqp.quorumQueue(Map.of());
        amqp.send(queue, "got", "consumed");

        assertThat(deliveryCount(amqp.take(queue))).as("RabbitMQ says 0 here").isIn("none", 0L);
        assertThat(amqp.consume(queue).next().getProperties().getHeaders()).isNull();
    }

    @Test
    void furtherDeliveriesAreCounted(Amqp amqp) throws Exception {
        String queue = amqp.quorumQueue(Map.of());
        amqp.send(queue, "m");
        Channel channel = amqp.openChannel();
        channel.basicNack(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false, true);

        GetResponse second = take(channel, queue);
        assertThat(deliveryCount(second)).isEqualTo(1L);
        assertThat(second.getEnvelope().isRedeliver()).isTrue();
        channel.basicNack(second.getEnvelope().getDeliveryTag(), false, true);

        assertThat(deliveryCount(take(channel, queue))).isEqualTo(2L);
    }

    /** A quorum queue of RabbitMQ requeues in its own time. */
    private static GetResponse take(Channel channel, String queue) throws Exception {
        GetResponse[] response = new GetResponse[1];
        io.relais.it.fixture.Eventually.eventually(() -> {
            response[0] = channel.basicGet(queue, false);
            assertThat(response[0]).isNotNull();
        });
        return response[0];
    }

    @Test
    void aMessageOverItsDeliveryLimitIsDeadLettered(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = amqp.quorumQueue(Map.of("x-delivery-limit", 2, "x-dead-letter-exchange", "",
                "x-dead-letter-routing-key", dead));
        amqp.send(queue, "poison");
        Inbox inbox = amqp.consume(queue, 1);

        for (int delivery = 1; delivery <= 3; delivery++) {
            Delivery message = inbox.next();
            inbox.getChannel().basicNack(message.getEnvelope().getDeliveryTag(), false, true);
        }

        GetResponse message = amqp.take(dead);
        assertThat(Amqp.text(message)).isEqualTo("poison");
        assertThat(message.getProps().getHeaders().get("x-first-death-reason")).hasToString("delivery_limit");
        inbox.staysEmpty();
    }

    @Test
    void aMessageOverItsDeliveryLimitIsDroppedWithoutADeadLetterExchange(Amqp amqp) throws Exception {
        String queue = amqp.quorumQueue(Map.of("x-delivery-limit", 1));
        amqp.send(queue, "poison", "next");
        Inbox inbox = amqp.consume(queue, 1);

        for (String expected : List.of("poison", "poison")) {
            Delivery message = inbox.next();
            assertThat(Inbox.text(message)).isEqualTo(expected);
            inbox.getChannel().basicNack(message.getEnvelope().getDeliveryTag(), false, true);
        }

        assertThat(inbox.nextBody()).isEqualTo("next");
    }

    @Test
    void aRejectedMessageIsDeadLettered(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = amqp.quorumQueue(Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead));
        amqp.send(queue, "m");
        Channel channel = amqp.openChannel();

        channel.basicReject(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);

        assertThat(amqp.take(dead).getProps().getHeaders().get("x-first-death-reason")).hasToString("rejected");
    }

    @Test
    void aGlobalPrefetchIsNotSupported(Amqp amqp) throws Exception {
        String queue = amqp.quorumQueue(Map.of());

        assertThat(amqp.refusal(ch -> {
            ch.basicQos(5, true);
            ch.basicConsume(queue, new Inbox(ch));
        })).isEqualTo(connection(540,
                "NOT_IMPLEMENTED - queue '" + queue + "' in vhost '/' does not support global qos"));
    }

    @Test
    void whatALostConsumerHeldIsDeliveredAgain(Amqp amqp) throws Exception {
        String queue = amqp.quorumQueue(Map.of());
        amqp.send(queue, "a", "b");
        Inbox lost = amqp.consume(queue, 2);
        assertThat(lost.nextBodies(2)).containsExactly("a", "b");

        lost.getChannel().close();

        assertThat(amqp.consume(queue, 2).nextBodies(2)).containsExactly("a", "b");
    }
}
