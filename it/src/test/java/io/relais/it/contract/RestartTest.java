// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static com.rabbitmq.client.BuiltinExchangeType.FANOUT;
import static com.rabbitmq.client.BuiltinExchangeType.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Closed;
import io.relais.it.fixture.OwnBroker;
import io.relais.it.fixture.TestBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an orderly restart leaves: the durable, and nothing else. One restart serves all: it is slow on the oracle. */
@AmqpTest
@OwnBroker
class RestartTest {

    @Test
    @Timeout(60)
    void theDurableSurvivesAndTheTransientDoesNot(Amqp amqp, TestBroker broker) throws Exception {
        String durable = amqp.queue(Map.of("x-max-length", 100));
        String quorum = amqp.quorumQueue(Map.of());
        String transientQueue = amqp.name("transient");
        amqp.channel().queueDeclare(transientQueue, false, false, false, null);
        String exchange = amqp.name("durable");
        amqp.channel().exchangeDeclare(exchange, TOPIC, true, false, Map.of());
        String destination = amqp.name("destination");
        amqp.channel().exchangeDeclare(destination, FANOUT, true, false, Map.of());
        String transientExchange = amqp.exchange(FANOUT);
        amqp.channel().queueBind(durable, exchange, "a.*");
        amqp.channel().queueBind(transientQueue, exchange, "#");
        amqp.channel().exchangeBind(destination, exchange, "a.*");
        amqp.channel().queueBind(quorum, destination, "");
        amqp.publish("", durable, MessageProperties.PERSISTENT_TEXT_PLAIN, "persistent 1");
        amqp.publish("", durable, "transient");
        amqp.publish("", durable, MessageProperties.PERSISTENT_TEXT_PLAIN, "persistent 2");
        amqp.publish("", durable, MessageProperties.PERSISTENT_TEXT_PLAIN, "acknowledged");
        amqp.publish("", quorum, "transient in a quorum queue");
        Channel channel = amqp.openChannel();
        channel.basicGet(durable, false);
        channel.basicGet(durable, false);
        channel.basicGet(durable, false);
        channel.basicAck(channel.basicGet(durable, false).getEnvelope().getDeliveryTag(), false);

        broker.restart();

        GetResponse first = amqp.take(durable);
        assertThat(Amqp.text(first)).isEqualTo("persistent 1");
        assertThat(first.getEnvelope().isRedeliver()).isTrue();
        assertThat(first.getProps().getContentType()).isEqualTo("text/plain");
        assertThat(amqp.drain(durable)).containsExactly("persistent 2");
        assertThat(amqp.drain(quorum)).containsExactly("transient in a quorum queue");
        assertThat(amqp.refusal(ch -> ch.queueDeclarePassive(transientQueue)).code()).isEqualTo(404);
        assertThat(amqp.refusal(ch -> ch.exchangeDeclarePassive(transientExchange)).code()).isEqualTo(404);
        amqp.publish(exchange, "a.b", "routed");
        assertThat(amqp.drain(durable)).containsExactly("routed");
        assertThat(amqp.drain(quorum)).containsExactly("routed");
        Closed differs = amqp.refusal(ch -> ch.queueDeclare(durable, true, false, false, Map.of()));
        assertThat(differs.code()).as("arguments survive").isEqualTo(406);
    }

    @Test
    @Timeout(60)
    void clientsAreToldThatTheBrokerStops(Amqp amqp, TestBroker broker) throws Exception {
        Channel channel = amqp.connect().createChannel();

        broker.restart();

        Closed closed = Amqp.refusal(channel, _ -> {});
        assertThat(closed.scope()).isEqualTo(Closed.Scope.CONNECTION);
        assertThat(closed.code()).isEqualTo(320);
        assertThat(closed.text()).startsWith("CONNECTION_FORCED - ").contains("shut");
    }
}
