// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static com.rabbitmq.client.BuiltinExchangeType.DIRECT;
import static com.rabbitmq.client.BuiltinExchangeType.FANOUT;
import static io.relais.it.fixture.Closed.channel;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Closed;
import org.junit.jupiter.api.Test;

/** How exchanges go: deleted, if unused, or by themselves. */
@AmqpTest
class ExchangeDeletionTest {

    private static Closed absent(String exchange) {
        return channel(404, "NOT_FOUND - no exchange '" + exchange + "' in vhost '/'");
    }

    @Test
    void aDeletedExchangeIsGone(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);

        amqp.channel().exchangeDelete(exchange);

        assertThat(amqp.refusal(ch -> ch.exchangeDeclarePassive(exchange))).isEqualTo(absent(exchange));
    }

    @Test
    void deletingAnAbsentExchangeIsNoError(Amqp amqp) throws Exception {
        amqp.channel().exchangeDelete(amqp.name("absent"));
    }

    @Test
    void anExchangeInUseIsNotDeletedIfUnusedIsAskedFor(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        amqp.queueBoundTo(exchange, "k");

        assertThat(amqp.refusal(ch -> ch.exchangeDelete(exchange, true)))
                .isEqualTo(channel(406, "PRECONDITION_FAILED - exchange '" + exchange + "' in vhost '/' in use"));
        amqp.channel().exchangeDeclarePassive(exchange);
    }

    @Test
    void anUnusedExchangeIsDeletedIfUnused(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);

        amqp.channel().exchangeDelete(exchange, true);

        assertThat(amqp.refusal(ch -> ch.exchangeDeclarePassive(exchange))).isEqualTo(absent(exchange));
    }

    @Test
    void aDestinationOfABindingCountsAsUnused(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        amqp.channel().exchangeBind(exchange, "amq.direct", exchange);

        amqp.channel().exchangeDelete(exchange, true);

        assertThat(amqp.refusal(ch -> ch.exchangeDeclarePassive(exchange))).isEqualTo(absent(exchange));
    }

    @Test
    void predeclaredExchangesStay(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> ch.exchangeDelete("amq.direct"))).isEqualTo(
                channel(403, "ACCESS_REFUSED - deletion of system exchange 'amq.direct' in vhost '/' not allowed"));
        assertThat(amqp.refusal(ch -> ch.exchangeDelete("")))
                .isEqualTo(channel(403, "ACCESS_REFUSED - operation not permitted on the default exchange"));
    }

    @Test
    void publishingToADeletedExchangeClosesTheChannel(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        amqp.publish(exchange, "k", "m");
        amqp.channel().exchangeDelete(exchange);

        assertThat(amqp.refusal(ch -> ch.basicPublish(exchange, "k", null, Amqp.bytes("m"))))
                .isEqualTo(absent(exchange));
    }

    @Test
    void anAutoDeleteExchangeGoesWithItsLastBinding(Amqp amqp) throws Exception {
        String exchange = amqp.name("exchange");
        amqp.channel().exchangeDeclare(exchange, DIRECT, false, true, Map.of());
        String queue = amqp.queueBoundTo(exchange, "a", "b");

        amqp.channel().queueUnbind(queue, exchange, "a");
        amqp.channel().exchangeDeclarePassive(exchange);
        amqp.channel().queueUnbind(queue, exchange, "b");

        assertThat(amqp.refusal(ch -> ch.exchangeDeclarePassive(exchange))).isEqualTo(absent(exchange));
    }

    @Test
    void anAutoDeleteExchangeGoesWithItsLastQueue(Amqp amqp) throws Exception {
        String exchange = amqp.name("exchange");
        amqp.channel().exchangeDeclare(exchange, FANOUT, false, true, Map.of());
        String queue = amqp.queueBoundTo(exchange, "");

        amqp.channel().queueDelete(queue);

        assertThat(amqp.refusal(ch -> ch.exchangeDeclarePassive(exchange))).isEqualTo(absent(exchange));
    }

    @Test
    void anAutoDeleteExchangeThatWasNeverBoundStays(Amqp amqp) throws Exception {
        String exchange = amqp.name("exchange");

        amqp.channel().exchangeDeclare(exchange, FANOUT, false, true, Map.of());

        amqp.channel().exchangeDeclarePassive(exchange);
    }

    @Test
    void autoDeletionTakesTheExchangesBoundBehindItAlong(Amqp amqp) throws Exception {
        String source = amqp.name("source");
        String exchange = amqp.name("exchange");
        amqp.channel().exchangeDeclare(source, FANOUT, false, true, Map.of());
        amqp.channel().exchangeDeclare(exchange, FANOUT, false, true, Map.of());
        amqp.channel().exchangeBind(exchange, source, "");
        String queue = amqp.queueBoundTo(exchange, "");

        amqp.channel().queueDelete(queue);

        assertThat(amqp.refusal(ch -> ch.exchangeDeclarePassive(exchange))).isEqualTo(absent(exchange));
        assertThat(amqp.refusal(ch -> ch.exchangeDeclarePassive(source))).isEqualTo(absent(source));
    }
}
