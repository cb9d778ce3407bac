// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Closed.channel;
import static io.relais.it.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Inbox;
import org.junit.jupiter.api.Test;

/** Messages and queues that end by themselves: x-message-ttl, expiration, x-expires. */
@AmqpTest
class ExpiryTest {

    private static AMQP.BasicProperties expiration(int ms) {
        return new AMQP.BasicProperties.Builder().expiration(Integer.toString(ms)).build();
    }

    @Test
    void aMessageLivesAsLongAsTheTtlOfItsQueue(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-message-ttl", 150));
        amqp.send(queue, "m");
        assertThat(amqp.depth(queue)).isEqualTo(1);

        eventually(() -> assertThat(amqp.depth(queue)).isZero());

        assertThat(amqp.get(queue)).isEmpty();
    }

    @Test
    void aMessageLivesAsLongAsItsExpiration(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.publish("", queue, expiration(150), "m");
        assertThat(amqp.depth(queue)).isEqualTo(1);

        eventually(() -> assertThat(amqp.depth(queue)).isZero());
    }

    @Test
    void theShorterOfBothCounts(Amqp amqp) throws Exception {
        String patient = amqp.queue(Map.of("x-message-ttl", 60_000));
        String hasty = amqp.queue(Map.of("x-message-ttl", 100));

        amqp.publish("", patient, expiration(100), "m");
        amqp.publish("", hasty, expiration(60_000), "m");

        eventually(() -> assertThat(amqp.depth(patient)).isZero());
        eventually(() -> assertThat(amqp.depth(hasty)).isZero());
    }

    @Test
    void aMessageThatIsConsumedInTimeDoesNotExpire(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-message-ttl", 100));
        Inbox inbox = amqp.consume(queue, 0);
        amqp.send(queue, "m");
        inbox.next();

        Thread.sleep(150);
        inbox.getChannel().basicAck(1, false);

        assertThat(inbox.getChannel().isOpen()).isTrue();
    }

    @Test
    void aRequeuedMessageKeepsItsTime(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-message-ttl", 100));
        amqp.send(queue, "m");
        Channel channel = amqp.openChannel();
        channel.basicGet(queue, false);

        Thread.sleep(150);
        channel.basicNack(1, false, true);

        eventually(() -> assertThat(amqp.depth(queue)).isZero());
    }

    @Test
    void aTtlOfZeroDeliversToAWaitingConsumerOrDrops(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-message-ttl", 0));
        amqp.send(queue, "dropped");
        Inbox inbox = amqp.consume(queue);

        amqp.send(queue, "delivered");

        assertThat(inbox.nextBody()).isEqualTo("delivered");
    }

    @Test
    void aMessageBehindOneThatStaysExpiresWhenItReachesTheHead(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "stays");
        amqp.publish("", queue, expiration(50), "expires");

        Thread.sleep(100);
        assertThat(Amqp.text(amqp.take(queue))).isEqualTo("stays");

        assertThat(amqp.get(queue)).isEmpty();
    }

    @Test
    void expirationStaysInTheProperties(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.publish("", queue, expiration(60_000), "m");

        assertThat(amqp.take(queue).getProps().getExpiration()).isEqualTo("60000");
    }

    @Test
    void anUnusedQueueExpires(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-expires", 200));
        amqp.send(queue, "m");

        Thread.sleep(300);

        eventually(() -> assertThat(amqp.refusal(ch -> ch.basicConsume(queue, new Inbox(ch))).code()).isEqualTo(404));
        assertThat(amqp.refusal(ch -> ch.queueDeclarePassive(queue)))
                .isEqualTo(channel(404, "NOT_FOUND - no queue '" + queue + "' in vhost '/'"));
    }

    @Test
    void aQueueWithAConsumerDoesNotExpire(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-expires", 150));
        Inbox inbox = amqp.consume(queue);

        Thread.sleep(300);
        amqp.send(queue, "m");

        assertThat(inbox.nextBody()).isEqualTo("m");
    }

    @Test
    void declaringAgainKeepsAQueueAlive(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-expires", 400));

        for (int i = 0; i < 4; i++) {
            Thread.sleep(150);
            amqp.channel().queueDeclare(queue, true, false, false, Map.of("x-expires", 400));
        }

        assertThat(amqp.depth(queue)).isZero();
    }

    @Test
    void gettingKeepsAQueueAlive(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-expires", 400));

        for (int i = 0; i < 4; i++) {
            Thread.sleep(150);
            assertThat(amqp.get(queue)).isEmpty();
        }
    }

    @Test
    void publishingDoesNotKeepAQueueAlive(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-expires", 200));

        for (int i = 0; i < 4; i++) {
            amqp.send(queue, "m");
            Thread.sleep(100);
        }

        assertThat(amqp.refusal(ch -> ch.queueDeclarePassive(queue)).code()).isEqualTo(404);
    }

    @Test
    void messagesOfAnExpiredQueueAreNotDeadLettered(Amqp amqp) throws Exception {
        String dead = amqp.queue();
        String queue = amqp.queue(
                Map.of("x-expires", 100, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead));
        amqp.send(queue, "m");

        Thread.sleep(250);

        assertThat(amqp.get(dead)).isEmpty();
    }

    @Test
    void aQuorumQueueExpiresMessagesToo(Amqp amqp) throws Exception {
        String queue = amqp.quorumQueue(Map.of("x-message-ttl", 150));
        amqp.send(queue, "m");

        eventually(() -> assertThat(amqp.depth(queue)).isZero());
    }
}
