// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Closed.channel;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.Amqp.ChannelAction;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Inbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** ack, nack, reject, recover. */
@AmqpTest
class AcknowledgementTest {

    @Test
    void anAcknowledgedMessageIsGone(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b");
        Channel channel = amqp.openChannel();
        long tag = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
        channel.basicGet(queue, false);

        channel.basicAck(tag, false);
        channel.close();

        assertThat(amqp.drain(queue)).containsExactly("b");
    }

    @Test
    void multipleAcknowledgesAllUpToTheTag(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b", "c");
        Channel channel = amqp.openChannel();
        for (int i = 0; i < 3; i++) {
            channel.basicGet(queue, false);
        }

        channel.basicAck(2, true);
        channel.close();

        assertThat(amqp.drain(queue)).containsExactly("c");
    }

    @Test
    void multipleWithTagZeroAcknowledgesAll(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b");
        Channel channel = amqp.openChannel();
        channel.basicGet(queue, false);
        channel.basicGet(queue, false);

        channel.basicAck(0, true);
        channel.close();

        assertThat(amqp.drain(queue)).isEmpty();
    }

    @Test
    void multipleReachesOverAllQueuesOfTheChannel(Amqp amqp) throws Exception {
        String one = amqp.queue();
        String two = amqp.queue();
        amqp.send(one, "a");
        amqp.send(two, "b");
        Channel channel = amqp.openChannel();
        channel.basicGet(one, false);
        channel.basicGet(two, false);

        channel.basicAck(2, true);
        channel.close();

        assertThat(amqp.drain(one)).isEmpty();
        assertThat(amqp.drain(two)).isEmpty();
    }

    @Test
    void multipleWithTagZeroAndNothingOutstandingIsNoError(Amqp amqp) throws Exception {
        Channel channel = amqp.openChannel();

        channel.basicAck(0, true);

        assertThat(channel.queueDeclare().getQueue()).isNotEmpty();
    }

    static Stream<Arguments> unknownTags() {
        return Stream.of(unknown("ack", 7, ch -> ch.basicAck(7, false)),
                unknown("ack multiple", 7, ch -> ch.basicAck(7, true)),
                unknown("ack of zero", 0, ch -> ch.basicAck(0, false)),
                unknown("nack", 7, ch -> ch.basicNack(7, false, true)),
                unknown("reject", 7, ch -> ch.basicReject(7, true)));
    }

    private static Arguments unknown(String name, long tag, ChannelAction action) {
        return Arguments.of(name, tag, action);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unknownTags")
    void anUnknownTagIs406(String name, long tag, ChannelAction action, Amqp amqp) throws Exception {
        assertThat(amqp.refusal(action)).as(name)
                .isEqualTo(channel(406, "PRECONDITION_FAILED - unknown delivery tag " + tag));
    }

    @Test
    void aTagIsAcknowledgedOnce(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "m");

        assertThat(amqp.refusal(ch -> {
            ch.basicGet(queue, false);
            ch.basicAck(1, false);
            ch.basicAck(1, false);
        })).isEqualTo(channel(406, "PRECONDITION_FAILED - unknown delivery tag 1"));
    }

    @Test
    void aTagBelongsToItsChannel(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "m");
        amqp.openChannel().basicGet(queue, false);

        assertThat(amqp.refusal(ch -> ch.basicAck(1, false)))
                .isEqualTo(channel(406, "PRECONDITION_FAILED - unknown delivery tag 1"));
    }

    @Test
    void automaticallyAcknowledgedDeliveriesHaveNoTagToAcknowledge(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "m");

        assertThat(amqp.refusal(ch -> {
            ch.basicGet(queue, true);
            ch.basicAck(1, false);
        }).code()).isEqualTo(406);
    }

    @Test
    void aRejectedMessageIsGoneUnlessRequeued(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b");
        Channel channel = amqp.openChannel();
        channel.basicGet(queue, false);
        channel.basicGet(queue, false);

        channel.basicReject(1, false);
        channel.basicReject(2, true);
        channel.close();

        assertThat(amqp.drain(queue)).containsExactly("b");
    }

    @Test
    void nackMultipleRequeuesAllUpToTheTag(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b", "c");
        Channel channel = amqp.openChannel();
        for (int i = 0; i < 3; i++) {
            channel.basicGet(queue, false);
        }

        channel.basicNack(2, true, true);

        assertThat(Amqp.text(channel.basicGet(queue, false))).isEqualTo("a");
        assertThat(Amqp.text(channel.basicGet(queue, false))).isEqualTo("b");
        assertThat(channel.basicGet(queue, false)).isNull();
    }

    @Test
    void nackMultipleWithTagZeroDropsAll(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b");
        Channel channel = amqp.openChannel();
        channel.basicGet(queue, false);
        channel.basicGet(queue, false);

        channel.basicNack(0, true, false);
        channel.close();

        assertThat(amqp.drain(queue)).isEmpty();
    }

    @Test
    void aRequeuedMessageIsMarkedRedelivered(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "m");
        Channel channel = amqp.openChannel();

        assertThat(channel.basicGet(queue, false).getEnvelope().isRedeliver()).isFalse();
        channel.basicNack(1, false, true);
        GetResponse again = channel.basicGet(queue, false);

        assertThat(again.getEnvelope().isRedeliver()).isTrue();
        assertThat(again.getEnvelope().getDeliveryTag()).isEqualTo(2);
    }

    @Test
    void aRequeuedMessageTakesItsOldPlace(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b", "c", "d");
        Channel channel = amqp.openChannel();
        channel.basicGet(queue, false);
        channel.basicGet(queue, false);
        channel.basicGet(queue, false);

        channel.basicNack(3, false, true);
        channel.basicNack(1, false, true);
        channel.basicNack(2, false, true);

        assertThat(amqp.drain(queue)).containsExactly("a", "b", "c", "d");
    }

    @Test
    void whatAChannelHeldReturnsInOrderWhenItCloses(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b", "c", "d");
        Channel one = amqp.openChannel();
        Channel two = amqp.openChannel();
        one.basicGet(queue, false);
        two.basicGet(queue, false);
        one.basicGet(queue, false);

        two.close();
        one.close();

        assertThat(amqp.drain(queue)).containsExactly("a", "b", "c", "d");
    }

    @Test
    void aRequeuedMessageGoesToAnotherConsumer(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Inbox one = amqp.consume(queue, 1);
        amqp.send(queue, "m");
        one.next();
        Inbox two = amqp.consume(queue, 1);

        one.getChannel().close();

        var delivery = two.next();
        assertThat(Inbox.text(delivery)).isEqualTo("m");
        assertThat(delivery.getEnvelope().isRedeliver()).isTrue();
    }

    @Test
    void recoverRequeuesAllThatIsUnacknowledged(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b");
        Channel channel = amqp.openChannel();
        channel.basicGet(queue, false);
        channel.basicGet(queue, false);

        channel.basicRecover(true);

        GetResponse again = channel.basicGet(queue, false);
        assertThat(Amqp.text(again)).isEqualTo("a");
        assertThat(again.getEnvelope().isRedeliver()).isTrue();
    }

    @Test
    void recoverRedeliversToTheConsumer(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b");
        Inbox inbox = amqp.consume(queue, 0);
        assertThat(inbox.nextBodies(2)).containsExactly("a", "b");

        inbox.getChannel().basicRecover(true);

        assertThat(inbox.nextBodies(2)).containsExactly("a", "b");
    }

    @Test
    void recoverWithoutRequeueIsNotImplemented(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> ch.basicRecover(false))).isEqualTo(
                io.relais.it.fixture.Closed.connection(540, "NOT_IMPLEMENTED - requeue=false"));
    }
}
