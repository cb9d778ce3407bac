// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Closed.channel;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Closed;
import io.relais.it.fixture.Inbox;
import org.junit.jupiter.api.Test;

/** Request and reply without a queue for the reply (RabbitMQ: direct reply-to). */
@AmqpTest
class DirectReplyToTest {
    private static final String REPLY_TO = "amq.rabbitmq.reply-to";
    private static final AMQP.BasicProperties REQUEST = new AMQP.BasicProperties.Builder().replyTo(REPLY_TO).build();

    @Test
    void aReplyReachesTheRequester(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel requester = amqp.connect().createChannel();
        Inbox replies = new Inbox(requester);
        requester.basicConsume(REPLY_TO, true, replies);

        requester.basicPublish("", queue, REQUEST, Amqp.bytes("question"));
        String replyTo = amqp.take(queue).getProps().getReplyTo();
        amqp.publish("", replyTo, "answer");

        Delivery reply = replies.next();
        assertThat(replyTo).startsWith(REPLY_TO + ".");
        assertThat(Inbox.text(reply)).isEqualTo("answer");
        assertThat(reply.getEnvelope().getExchange()).isEmpty();
        assertThat(reply.getEnvelope().getRoutingKey()).isEqualTo(replyTo);
    }

    @Test
    void theResponderMayAskWhetherTheRequesterIsStillThere(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel requester = amqp.connect().createChannel();
        requester.basicConsume(REPLY_TO, true, new Inbox(requester));
        requester.basicPublish("", queue, REQUEST, Amqp.bytes("question"));
        String replyTo = amqp.take(queue).getProps().getReplyTo();

        assertThat(amqp.channel().queueDeclarePassive(replyTo).getConsumerCount()).isEqualTo(1);
        requester.getConnection().close();

        Closed closed = amqp.refusal(ch -> ch.queueDeclarePassive(replyTo));
        assertThat(closed).isEqualTo(channel(404, "NOT_FOUND - no queue '" + replyTo + "' in vhost '/'"));
    }

    @Test
    void aReplyToARequesterThatLeftIsDroppedQuietly(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel requester = amqp.connect().createChannel();
        requester.basicConsume(REPLY_TO, true, new Inbox(requester));
        requester.basicPublish("", queue, REQUEST, Amqp.bytes("question"));
        String replyTo = amqp.take(queue).getProps().getReplyTo();
        requester.getConnection().close();

        amqp.publish("", replyTo, "answer");
    }

    @Test
    void aRequestBeforeConsumingIs406(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> ch.basicPublish("", "q", REQUEST, Amqp.bytes("question"))))
                .isEqualTo(channel(406, "PRECONDITION_FAILED - fast reply consumer does not exist"));
    }

    @Test
    void repliesAreNotAcknowledged(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> ch.basicConsume(REPLY_TO, false, new Inbox(ch))))
                .isEqualTo(channel(406, "PRECONDITION_FAILED - reply consumer cannot acknowledge"));
    }

    @Test
    void aChannelHasOneReplyConsumer(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> {
            ch.basicConsume(REPLY_TO, true, new Inbox(ch));
            ch.basicConsume(REPLY_TO, true, new Inbox(ch));
        })).isEqualTo(channel(406, "PRECONDITION_FAILED - reply consumer already set"));
    }

    @Test
    void theReplyQueueMayBeDeclaredToSeeWhetherTheBrokerHasIt(Amqp amqp) throws Exception {
        assertThat(amqp.channel().queueDeclarePassive(REPLY_TO).getQueue()).isEqualTo(REPLY_TO);
    }

    @Test
    void afterCancelTheChannelMayConsumeRepliesAgain(Amqp amqp) throws Exception {
        Channel channel = amqp.openChannel();
        String tag = channel.basicConsume(REPLY_TO, true, new Inbox(channel));

        channel.basicCancel(tag);

        channel.basicConsume(REPLY_TO, true, new Inbox(channel));
    }
}
