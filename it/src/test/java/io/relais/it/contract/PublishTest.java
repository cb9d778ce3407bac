// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static com.rabbitmq.client.BuiltinExchangeType.DIRECT;
import static io.relais.it.fixture.Closed.channel;
import static io.relais.it.fixture.Closed.connection;
import static io.relais.it.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import org.junit.jupiter.api.Test;

/** basic.publish: where messages go, and which come back. */
@AmqpTest
class PublishTest {

    @Test
    void aMandatoryMessageWithoutAQueueIsReturned(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        List<Return> returned = new CopyOnWriteArrayList<>();
        Channel channel = amqp.openChannel();
        channel.addReturnListener(returned::add);

        channel.basicPublish(exchange, "nobody", true, null, Amqp.bytes("body"));

        eventually(() -> assertThat(returned).hasSize(1));
        Return message = returned.getFirst();
        assertThat(message.getReplyCode()).isEqualTo(312);
        assertThat(message.getReplyText()).isEqualTo("NO_ROUTE");
        assertThat(message.getExchange()).isEqualTo(exchange);
        assertThat(message.getRoutingKey()).isEqualTo("nobody");
        assertThat(message.getBody()).asString().isEqualTo("body");
    }

    @Test
    void aMandatoryMessageWithAQueueIsNotReturned(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        List<Return> returned = new CopyOnWriteArrayList<>();
        amqp.channel().addReturnListener(returned::add);

        amqp.channel().basicPublish("", queue, true, null, Amqp.bytes("m"));
        amqp.channel().waitForConfirmsOrDie(5_000);

        assertThat(amqp.drain(queue)).containsExactly("m");
        assertThat(returned).isEmpty();
    }

    @Test
    void anUnroutableMessageIsDroppedUnlessMandatory(Amqp amqp) throws Exception {
        List<Return> returned = new CopyOnWriteArrayList<>();
        amqp.channel().addReturnListener(returned::add);

        amqp.publish("", amqp.name("nobody"), "m");

        assertThat(returned).isEmpty();
    }

    @Test
    void aReturnComesBeforeTheConfirm(Amqp amqp) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        Channel channel = amqp.openChannel();
        channel.confirmSelect();
        channel.addReturnListener(r -> events.add("return"));
        channel.addConfirmListener((tag, multiple) -> events.add("ack"), (tag, multiple) -> events.add("nack"));

        channel.basicPublish("", amqp.name("nobody"), true, null, Amqp.bytes("m"));

        eventually(() -> assertThat(events).containsExactly("return", "ack"));
    }

    @Test
    void immediateIsNotImplemented(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> ch.basicPublish("", "q", false, true, null, Amqp.bytes("m"))))
                .isEqualTo(connection(540, "NOT_IMPLEMENTED - immediate=true"));
    }

    @Test
    void publishingToAnAbsentExchangeClosesTheChannel(Amqp amqp) throws Exception {
        String absent = amqp.name("absent");

        assertThat(amqp.refusal(ch -> ch.basicPublish(absent, "k", null, Amqp.bytes("m"))))
                .isEqualTo(channel(404, "NOT_FOUND - no exchange '" + absent + "' in vhost '/'"));
    }

    @Test
    void messagesOfOneChannelStayInOrder(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        String[] bodies = new String[500];
        for (int i = 0; i < bodies.length; i++) {
            bodies[i] = "m" + i;
        }

        amqp.send(queue, bodies);

        assertThat(amqp.drain(queue)).containsExactly(bodies);
    }
}
