// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static com.rabbitmq.client.BuiltinExchangeType.DIRECT;
import static io.relais.it.fixture.Closed.channel;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import com.rabbitmq.client.AMQP;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import org.junit.jupiter.api.Test;

/** More routing keys, in the headers CC and BCC (RabbitMQ: sender-selected distribution). */
@AmqpTest
class CarbonCopyTest {

    private static AMQP.BasicProperties headers(Map<String, Object> headers) {
        return new AMQP.BasicProperties.Builder().headers(headers).build();
    }

    @Test
    void ccRoutesToFurtherKeys(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        String to = amqp.queueBoundTo(exchange, "to");
        String cc = amqp.queueBoundTo(exchange, "cc");
        String other = amqp.queueBoundTo(exchange, "other");

        amqp.publish(exchange, "to", headers(Map.of("CC", List.of("cc", "nobody"))), "m");

        assertThat(amqp.drain(to)).containsExactly("m");
        assertThat(amqp.drain(cc)).containsExactly("m");
        assertThat(amqp.drain(other)).isEmpty();
    }

    @Test
    void ccWorksOnTheDefaultExchange(Amqp amqp) throws Exception {
        String one = amqp.queue();
        String two = amqp.queue();

        amqp.publish("", one, headers(Map.of("CC", List.of(two))), "m");

        assertThat(amqp.drain(one)).containsExactly("m");
        assertThat(amqp.drain(two)).containsExactly("m");
    }

    @Test
    void aCopyStillCarriesTheOriginalKeyAndTheCcHeader(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        String cc = amqp.queueBoundTo(exchange, "cc");

        amqp.publish(exchange, "to", headers(Map.of("CC", List.of("cc"))), "m");

        var message = amqp.take(cc);
        assertThat(message.getEnvelope().getRoutingKey()).isEqualTo("to");
        assertThat(message.getProps().getHeaders().get("CC")).asString().isEqualTo("[cc]");
    }

    @Test
    void bccRoutesAndIsRemoved(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        String to = amqp.queueBoundTo(exchange, "to");
        String bcc = amqp.queueBoundTo(exchange, "bcc");

        amqp.publish(exchange, "to", headers(Map.of("BCC", List.of("bcc"), "keep", 1)), "m");

        assertThat(amqp.take(to).getProps().getHeaders()).containsOnlyKeys("keep");
        assertThat(amqp.take(bcc).getProps().getHeaders()).containsOnlyKeys("keep");
    }

    @Test
    void aQueueNamedTwiceGetsOneCopy(Amqp amqp) throws Exception {
        String queue = amqp.queue();

        amqp.publish("", queue, headers(Map.of("CC", List.of(queue), "BCC", List.of(queue))), "m");

        assertThat(amqp.drain(queue)).containsExactly("m");
    }

    @Test
    void aCcThatIsNoListIs406(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> ch.basicPublish("", "q", headers(Map.of("CC", "q")), Amqp.bytes("m"))))
                .isEqualTo(channel(406,
                        "PRECONDITION_FAILED - invalid message: {unacceptable_type_in_header,\"CC\",longstr}"));
    }
}
