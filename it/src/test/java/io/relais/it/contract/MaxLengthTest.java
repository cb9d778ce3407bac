// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import com.rabbitmq.client.Channel;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Inbox;
import org.junit.jupiter.api.Test;

/** Queues with a bound: x-max-length, x-max-length-bytes, x-overflow. */
@AmqpTest
class MaxLengthTest {

    @Test
    void aFullQueueDropsItsOldest(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-max-length", 3));

        amqp.send(queue, "a", "b", "c", "d", "e");

        assertThat(amqp.drain(queue)).containsExactly("c", "d", "e");
    }

    @Test
    void theBoundMayBeInBytesOfBody(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-max-length-bytes", 10));

        amqp.send(queue, "aaaa", "bbbb", "cc", "dddd");

        assertThat(amqp.drain(queue)).containsExactly("bbbb", "cc", "dddd");
    }

    @Test
    void theFirstBoundReachedCounts(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-max-length", 2, "x-max-length-bytes", 100));

        amqp.send(queue, "a", "b", "c");

        assertThat(amqp.drain(queue)).containsExactly("b", "c");
    }

    @Test
    void aMessageLargerThanTheBoundIsDroppedItself(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-max-length-bytes", 3));

        amqp.send(queue, "aaaa");

        assertThat(amqp.drain(queue)).isEmpty();
    }

    @Test
    void onlyReadyMessagesCount(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-max-length", 1));
        Inbox inbox = amqp.consume(queue, 1);

        amqp.send(queue, "held", "a", "b");

        assertThat(inbox.nextBody()).isEqualTo("held");
        inbox.getChannel().basicAck(1, false);
        assertThat(inbox.nextBody()).isEqualTo("b");
    }

    @Test
    void aBoundOfZeroServesWaitingConsumersOnly(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-max-length", 0));
        amqp.send(queue, "dropped");
        Inbox inbox = amqp.consume(queue);

        amqp.send(queue, "delivered");

        assertThat(inbox.nextBody()).isEqualTo("delivered");
    }

    @Test
    void rejectPublishRefusesTheNewest(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        amqp.send(queue, "a");
        Channel channel = amqp.openChannel();
        channel.confirmSelect();

        channel.basicPublish("", queue, null, Amqp.bytes("b"));

        assertThat(channel.waitForConfirms(5_000)).isFalse();
        assertThat(amqp.drain(queue)).containsExactly("a");
    }

    @Test
    void aQueueThatRejectedTakesMessagesAgainWhenThereIsRoom(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        amqp.send(queue, "a");
        assertThat(amqp.drain(queue)).hasSize(1);

        amqp.send(queue, "b");

        assertThat(amqp.drain(queue)).containsExactly("b");
    }

    @Test
    void withoutConfirmsARejectedMessageIsDroppedQuietly(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        amqp.send(queue, "a");
        Channel channel = amqp.openChannel();

        channel.basicPublish("", queue, null, Amqp.bytes("b"));
        channel.close();

        assertThat(amqp.drain(queue)).containsExactly("a");
    }

    @Test
    void aQuorumQueueDropsItsOldestToo(Amqp amqp) throws Exception {
        String queue = amqp.quorumQueue(Map.of("x-max-length", 2));

        amqp.send(queue, "a", "b", "c");

        eventually(() -> assertThat(amqp.depth(queue)).isEqualTo(2));
        assertThat(amqp.drain(queue)).containsExactly("b", "c");
    }
}
