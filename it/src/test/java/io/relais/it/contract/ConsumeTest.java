// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Closed.channel;
import static io.relais.it.fixture.Closed.connection;
import static io.relais.it.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.impl.AMQImpl;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Inbox;
import org.junit.jupiter.api.Test;

/** Consuming: tags, exclusiveness, cancellation, fairness. */
@AmqpTest
class ConsumeTest {

    @Test
    void aConsumerGetsWhatIsThereAndWhatComes(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "before");

        Inbox inbox = amqp.consume(queue);
        amqp.send(queue, "after");

        assertThat(inbox.nextBodies(2)).containsExactly("before", "after");
    }

    @Test
    void aDeliveryTellsWhereItCameFrom(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.channel().queueBind(queue, "amq.topic", queue + ".k");
        Inbox inbox = amqp.consume(queue, 1);

        amqp.publish("amq.topic", queue + ".k", "m");

        Delivery delivery = inbox.next();
        assertThat(delivery.getEnvelope().getExchange()).isEqualTo("amq.topic");
        assertThat(delivery.getEnvelope().getRoutingKey()).isEqualTo(queue + ".k");
        assertThat(delivery.getEnvelope().getDeliveryTag()).isEqualTo(1);
        assertThat(delivery.getEnvelope().isRedeliver()).isFalse();
    }

    @Test
    void deliveryTagsCountPerChannel(Amqp amqp) throws Exception {
        String one = amqp.queue();
        String two = amqp.queue();
        Channel channel = amqp.openChannel();
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(one, false, inbox);
        channel.basicConsume(two, false, inbox);

        amqp.send(one, "a");
        assertThat(inbox.next().getEnvelope().getDeliveryTag()).isEqualTo(1);
        amqp.send(two, "b");
        assertThat(inbox.next().getEnvelope().getDeliveryTag()).isEqualTo(2);
        amqp.send(one, "c");
        assertThat(inbox.next().getEnvelope().getDeliveryTag()).isEqualTo(3);
    }

    @Test
    void withoutAcknowledgementsMessagesAreGoneOnceDelivered(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "m");
        Inbox inbox = amqp.consume(queue);
        inbox.next();

        inbox.getChannel().close();

        assertThat(amqp.drain(queue)).isEmpty();
    }

    @Test
    void theServerMakesUpAConsumerTag(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel channel = amqp.openChannel();

        String tag = channel.basicConsume(queue, new Inbox(channel));

        assertThat(tag).matches("amq\\.ctag-[A-Za-z0-9_-]{22}");
    }

    @Test
    void theClientMayChooseTheConsumerTag(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel channel = amqp.openChannel();

        assertThat(channel.basicConsume(queue, true, "my tag", new Inbox(channel))).isEqualTo("my tag");
    }

    @Test
    void aConsumerTagIsUniqueOnItsChannel(Amqp amqp) throws Exception {
        String queue = amqp.queue();

        try (var raw = amqp.rawConnection()) {
            raw.open().channel(1);
            raw.method(1, new AMQImpl.Basic.Consume(0, queue, "t", false, true, false, false, Map.of()));
            raw.expect(AMQP.Basic.ConsumeOk.class);
            raw.method(1, new AMQImpl.Basic.Consume(0, queue, "t", false, true, false, false, Map.of()));

            assertThat(raw.refusal())
                    .isEqualTo(connection(530, "NOT_ALLOWED - attempt to reuse consumer tag 't'"));
        }
    }

    @Test
    void theSameConsumerTagServesOnAnotherChannel(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel one = amqp.openChannel();
        Channel two = amqp.openChannel();

        one.basicConsume(queue, true, "t", new Inbox(one));
        two.basicConsume(queue, true, "t", new Inbox(two));

        assertThat(amqp.channel().consumerCount(queue)).isEqualTo(2);
    }

    @Test
    void consumingAnAbsentQueueIs404(Amqp amqp) throws Exception {
        String absent = amqp.name("absent");

        assertThat(amqp.refusal(ch -> ch.basicConsume(absent, new Inbox(ch))))
                .isEqualTo(channel(404, "NOT_FOUND - no queue '" + absent + "' in vhost '/'"));
    }

    @Test
    void anExclusiveConsumerKeepsOthersOut(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel owner = amqp.openChannel();
        owner.basicConsume(queue, true, "", false, true, null, new Inbox(owner));

        assertThat(amqp.refusal(ch -> ch.basicConsume(queue, new Inbox(ch))))
                .isEqualTo(channel(403, "ACCESS_REFUSED - queue '" + queue + "' in vhost '/' in exclusive use"));
    }

    @Test
    void anExclusiveConsumerNeedsTheQueueForItself(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.consume(queue);

        assertThat(amqp.refusal(ch -> ch.basicConsume(queue, true, "", false, true, null, new Inbox(ch))))
                .isEqualTo(channel(403, "ACCESS_REFUSED - queue '" + queue + "' in vhost '/' in exclusive use"));
    }

    @Test
    void afterAnExclusiveConsumerLeftOthersMayConsume(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel owner = amqp.openChannel();
        String tag = owner.basicConsume(queue, true, "", false, true, null, new Inbox(owner));

        owner.basicCancel(tag);
        amqp.send(queue, "m");

        assertThat(amqp.consume(queue).nextBody()).isEqualTo("m");
    }

    @Test
    void anExclusiveConsumerDoesNotKeepGetOut(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel owner = amqp.openChannel();
        owner.basicConsume(queue, true, "", false, true, null, new Inbox(owner));

        assertThat(amqp.get(queue)).isEmpty();
    }

    @Test
    void noWaitConsumesWithoutAnAnswer(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "m");
        try (var raw = amqp.rawConnection()) {
            raw.open().channel(1);

            raw.method(1, new AMQImpl.Basic.Consume(0, queue, "t", false, true, false, true, Map.of()));

            assertThat(raw.expect(AMQP.Basic.Deliver.class).getConsumerTag()).isEqualTo("t");
        }
    }

    @Test
    void afterCancelNothingIsDelivered(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel channel = amqp.openChannel();
        Inbox inbox = new Inbox(channel);
        String tag = channel.basicConsume(queue, true, inbox);

        channel.basicCancel(tag);
        amqp.send(queue, "m");

        inbox.staysEmpty();
        assertThat(amqp.drain(queue)).containsExactly("m");
    }

    @Test
    void afterCancelWhatWasDeliveredMayStillBeAcknowledged(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "m");
        Channel channel = amqp.openChannel();
        Inbox inbox = new Inbox(channel);
        String tag = channel.basicConsume(queue, false, inbox);
        long deliveryTag = inbox.next().getEnvelope().getDeliveryTag();

        channel.basicCancel(tag);
        channel.basicAck(deliveryTag, false);
        channel.close();

        assertThat(amqp.drain(queue)).isEmpty();
    }

    @Test
    void cancellingAnUnknownTagIsNoError(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open().channel(1);
            raw.method(1, new AMQImpl.Basic.Cancel("unknown", false));

            assertThat(raw.expect(AMQP.Basic.CancelOk.class).getConsumerTag()).isEqualTo("unknown");
        }
    }

    @Test
    void consumersAreToldThatTheirQueueIsGone(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Inbox inbox = amqp.consume(queue);

        amqp.channel().queueDelete(queue);

        inbox.isCancelledByTheBroker();
    }

    @Test
    void aClientThatDoesNotKnowCancelNotificationsGetsNone(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        try (var raw = amqp.rawConnection()) {
            raw.header(0, 0, 9, 1).expect(AMQP.Connection.Start.class);
            raw.method(0, new AMQImpl.Connection.StartOk(Map.of(), "PLAIN",
                    com.rabbitmq.client.impl.LongStringHelper.asLongString("\0guest\0guest"), "en_US"));
            raw.expect(AMQP.Connection.Tune.class);
            raw.method(0, new AMQImpl.Connection.TuneOk(2047, 131_072, 0));
            raw.method(0, new AMQImpl.Connection.Open("/", "", false));
            raw.expect(AMQP.Connection.OpenOk.class);
            raw.channel(1);
            raw.method(1, new AMQImpl.Basic.Consume(0, queue, "t", false, true, false, false, Map.of()));
            raw.expect(AMQP.Basic.ConsumeOk.class);

            amqp.channel().queueDelete(queue);

            raw.method(1, new AMQImpl.Basic.Qos(0, 1, false));
            raw.expect(AMQP.Basic.QosOk.class);
        }
    }

    @Test
    void readyConsumersTakeTurns(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Inbox one = amqp.consume(queue);
        Inbox two = amqp.consume(queue);
        Inbox three = amqp.consume(queue);

        for (int i = 0; i < 9; i++) {
            amqp.send(queue, "m" + i);
        }

        eventually(() -> assertThat(one.size() + two.size() + three.size()).isEqualTo(9));
        assertThat(one.nextBodies(3)).containsExactly("m0", "m3", "m6");
        assertThat(two.nextBodies(3)).containsExactly("m1", "m4", "m7");
        assertThat(three.nextBodies(3)).containsExactly("m2", "m5", "m8");
    }

    @Test
    void aConsumerThatIsFullIsPassedOver(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Inbox full = amqp.consume(queue, 1);
        Inbox ready = amqp.consume(queue);

        amqp.send(queue, "m0", "m1", "m2", "m3");

        assertThat(full.nextBody()).isEqualTo("m0");
        assertThat(ready.nextBodies(3)).containsExactly("m1", "m2", "m3");
    }

    @Test
    void aSlowConsumerDoesNotStopItsConnection(Amqp amqp) throws Exception {
        String busy = amqp.queue();
        String other = amqp.queue();
        amqp.consume(busy, 1);
        Inbox quick = amqp.consume(other);
        amqp.send(busy, "a", "b", "c");

        amqp.send(other, "m");

        assertThat(quick.nextBody()).isEqualTo("m");
    }

    @Test
    void noLocalIsIgnored(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Inbox inbox = new Inbox(amqp.channel());
        amqp.channel().basicConsume(queue, true, "", true, false, null, inbox);

        amqp.send(queue, "m");

        assertThat(inbox.nextBody()).isEqualTo("m");
    }
}
