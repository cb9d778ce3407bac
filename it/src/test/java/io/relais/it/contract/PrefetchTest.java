// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Closed.connection;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Inbox;
import org.junit.jupiter.api.Test;

/** basic.qos: how much a consumer or a channel may have unacknowledged. */
@AmqpTest
class PrefetchTest {

    @Test
    void aConsumerGetsNoMoreThanItsPrefetch(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b", "c", "d");
        Inbox inbox = amqp.consume(queue, 2);

        assertThat(inbox.nextBodies(2)).containsExactly("a", "b");
        inbox.staysEmpty();
        inbox.getChannel().basicAck(1, false);
        assertThat(inbox.nextBody()).isEqualTo("c");
        inbox.staysEmpty();
    }

    @Test
    void thePrefetchCountsForEachConsumerOfTheChannel(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b", "c", "d");
        Channel channel = amqp.openChannel();
        channel.basicQos(1);
        Inbox one = new Inbox(channel);
        Inbox two = new Inbox(channel);

        channel.basicConsume(queue, false, one);
        channel.basicConsume(queue, false, two);

        assertThat(one.nextBody()).isEqualTo("a");
        assertThat(two.nextBody()).isEqualTo("b");
        one.staysEmpty();
        two.staysEmpty();
    }

    @Test
    void aGlobalPrefetchIsSharedByTheConsumersOfTheChannel(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b", "c", "d", "e");
        Channel channel = amqp.openChannel();
        channel.basicQos(3, true);
        Inbox one = new Inbox(channel);
        Inbox two = new Inbox(channel);

        channel.basicConsume(queue, false, one);
        channel.basicConsume(queue, false, two);

        io.relais.it.fixture.Eventually.eventually(() -> assertThat(one.size() + two.size()).isEqualTo(3));
        Thread.sleep(60);
        assertThat(one.size() + two.size()).isEqualTo(3);
        channel.basicAck(1, false);
        io.relais.it.fixture.Eventually.eventually(() -> assertThat(one.size() + two.size()).isEqualTo(4));
    }

    @Test
    void bothLimitsHold(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b", "c", "d", "e");
        Channel channel = amqp.openChannel();
        channel.basicQos(2, false);
        channel.basicQos(3, true);
        Inbox one = new Inbox(channel);
        Inbox two = new Inbox(channel);

        channel.basicConsume(queue, false, one);
        channel.basicConsume(queue, false, two);

        assertThat(one.nextBodies(2)).containsExactly("a", "b");
        assertThat(two.nextBody()).isEqualTo("c");
        two.staysEmpty();
    }

    @Test
    void aNewPrefetchCountsForNewConsumersOnly(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel channel = amqp.openChannel();
        channel.basicQos(1);
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(queue, false, inbox);

        channel.basicQos(10);
        amqp.send(queue, "a", "b");

        assertThat(inbox.nextBody()).isEqualTo("a");
        inbox.staysEmpty();
    }

    @Test
    void zeroIsNoLimit(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Inbox inbox = amqp.consume(queue, 0);
        String[] bodies = new String[1000];
        java.util.Arrays.fill(bodies, "m");

        amqp.send(queue, bodies);

        assertThat(inbox.nextBodies(1000)).hasSize(1000);
    }

    @Test
    void withoutAcknowledgementsThereIsNoLimit(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b", "c");
        Channel channel = amqp.openChannel();
        channel.basicQos(1);
        Inbox inbox = new Inbox(channel);

        channel.basicConsume(queue, true, inbox);

        assertThat(inbox.nextBodies(3)).containsExactly("a", "b", "c");
    }

    @Test
    void aRejectionMakesRoomToo(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b");
        Inbox inbox = amqp.consume(queue, 1);
        inbox.next();

        inbox.getChannel().basicReject(1, false);

        assertThat(inbox.nextBody()).isEqualTo("b");
    }

    @Test
    void aPrefetchInBytesIsNotImplemented(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> ch.basicQos(10, 1, false)))
                .isEqualTo(connection(540, "NOT_IMPLEMENTED - prefetch_size!=0 (10)"));
    }
}
