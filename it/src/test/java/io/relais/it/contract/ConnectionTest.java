// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.AMQImpl;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Closed;
import org.junit.jupiter.api.Test;

/** Connections and channels: opening, closing, and how far an error reaches. */
@AmqpTest
class ConnectionTest {

    @Test
    void closingAConnectionIsAnswered(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open();
            raw.method(0, new AMQImpl.Connection.Close(200, "Goodbye", 0, 0));

            raw.expect(AMQP.Connection.CloseOk.class);
        }
    }

    @Test
    void closingAChannelIsAnsweredAndItsNumberMayBeUsedAgain(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open().channel(1);
            raw.method(1, new AMQImpl.Channel.Close(200, "Goodbye", 0, 0));
            raw.expect(AMQP.Channel.CloseOk.class);

            raw.channel(1);
        }
    }

    @Test
    void anErrorOfAChannelLeavesTheOthersOpen(Amqp amqp) throws Exception {
        var bystander = amqp.openChannel();
        var failing = amqp.openChannel();

        Amqp.refusal(failing, channel -> channel.queueDeclarePassive("nowhere"));

        assertThat(failing.isOpen()).isFalse();
        assertThat(bystander.isOpen()).isTrue();
        assertThat(amqp.queue()).isNotEmpty();
    }

    @Test
    void anErrorOfTheConnectionTakesAllChannelsDown(Amqp amqp) throws Exception {
        Connection connection = amqp.connect();
        var bystander = connection.createChannel();

        Closed closed = Amqp.refusal(connection.createChannel(), channel -> channel.basicQos(1, 1, false));

        assertThat(closed.scope()).isEqualTo(Closed.Scope.CONNECTION);
        eventually(() -> assertThat(bystander.isOpen()).isFalse());
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void anErrorNamesTheMethodThatCausedIt(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open().channel(1);
            raw.method(1, new AMQImpl.Queue.Declare(0, "nowhere", true, false, false, false, false, null));

            AMQP.Channel.Close close = raw.expect(AMQP.Channel.Close.class);

            assertThat(close.getClassId()).isEqualTo(50);
            assertThat(close.getMethodId()).isEqualTo(10);
        }
    }

    @Test
    void afterAnErrorMethodsOnTheChannelAreIgnoredUntilCloseOk(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        try (var raw = amqp.rawConnection()) {
            raw.open().channel(1);
            raw.method(1, new AMQImpl.Queue.Declare(0, "nowhere", true, false, false, false, false, null));
            raw.method(1, new AMQImpl.Queue.Delete(0, queue, false, false, false));
            raw.expect(AMQP.Channel.Close.class);
            raw.method(1, new AMQImpl.Channel.CloseOk());

            raw.channel(1);
        }
        assertThat(amqp.depth(queue)).isZero();
    }

    @Test
    void channelFlowIsAnsweredWhenItAsksForMore(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open().channel(1);
            raw.method(1, new AMQImpl.Channel.Flow(true));

            assertThat(raw.expect(AMQP.Channel.FlowOk.class).getActive()).isTrue();
        }
    }

    @Test
    void stoppingTheFlowOfAChannelIsNotImplemented(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open().channel(1);
            raw.method(1, new AMQImpl.Channel.Flow(false));

            assertThat(raw.refusal()).isEqualTo(Closed.connection(540, "NOT_IMPLEMENTED - active=false"));
        }
    }

    @Test
    void aConnectionServesManyChannels(Amqp amqp) throws Exception {
        Connection connection = amqp.connect();
        String queue = amqp.queue();

        for (int i = 0; i < 200; i++) {
            connection.createChannel().basicPublish("", queue, null, Amqp.bytes("m"));
        }

        eventually(() -> assertThat(amqp.depth(queue)).isEqualTo(200));
    }

    @Test
    void unacknowledgedMessagesReturnWhenTheirChannelCloses(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b");
        var channel = amqp.openChannel();
        channel.basicGet(queue, false);

        channel.close();

        assertThat(amqp.drain(queue)).containsExactly("a", "b");
    }

    @Test
    void unacknowledgedMessagesReturnWhenTheirConnectionBreaks(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b");
        try (var raw = amqp.rawConnection()) {
            raw.open().channel(1);
            raw.method(1, new AMQImpl.Basic.Get(0, queue, false));
            raw.expect(AMQP.Basic.GetOk.class);
        }

        eventually(() -> assertThat(amqp.depth(queue)).isEqualTo(2));
    }
}
