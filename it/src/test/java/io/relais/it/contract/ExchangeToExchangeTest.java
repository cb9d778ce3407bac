// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static com.rabbitmq.client.BuiltinExchangeType.DIRECT;
import static com.rabbitmq.client.BuiltinExchangeType.FANOUT;
import static com.rabbitmq.client.BuiltinExchangeType.TOPIC;
import static io.relais.it.fixture.Closed.channel;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import org.junit.jupiter.api.Test;

/** Bindings between exchanges, internal and alternate exchanges. */
@AmqpTest
class ExchangeToExchangeTest {

    @Test
    void aMessageFlowsThroughBoundExchanges(Amqp amqp) throws Exception {
        String source = amqp.exchange(TOPIC);
        String destination = amqp.exchange(DIRECT);
        String queue = amqp.queueBoundTo(destination, "orders.new");
        amqp.channel().exchangeBind(destination, source, "orders.*");

        amqp.publish(source, "orders.new", "1");
        amqp.publish(source, "orders.old", "2");
        amqp.publish(source, "bills.new", "3");

        assertThat(amqp.drain(queue)).containsExactly("1");
    }

    @Test
    void theMessageKeepsTheExchangeItWasPublishedTo(Amqp amqp) throws Exception {
        String source = amqp.exchange(FANOUT);
        String destination = amqp.exchange(FANOUT);
        String queue = amqp.queueBoundTo(destination, "");
        amqp.channel().exchangeBind(destination, source, "");

        amqp.publish(source, "k", "m");

        assertThat(amqp.take(queue).getEnvelope().getExchange()).isEqualTo(source);
    }

    @Test
    void aQueueReachedOnSeveralWaysGetsOneCopy(Amqp amqp) throws Exception {
        String source = amqp.exchange(FANOUT);
        String left = amqp.exchange(FANOUT);
        String right = amqp.exchange(FANOUT);
        amqp.channel().exchangeBind(left, source, "");
        amqp.channel().exchangeBind(right, source, "");
        String queue = amqp.queueBoundTo(left, "");
        amqp.channel().queueBind(queue, right, "");

        amqp.publish(source, "k", "m");

        assertThat(amqp.drain(queue)).containsExactly("m");
    }

    @Test
    void aCycleOfExchangesEnds(Amqp amqp) throws Exception {
        String one = amqp.exchange(FANOUT);
        String two = amqp.exchange(FANOUT);
        amqp.channel().exchangeBind(one, two, "");
        amqp.channel().exchangeBind(two, one, "");
        String queue = amqp.queueBoundTo(two, "");

        amqp.publish(one, "k", "m");

        assertThat(amqp.drain(queue)).containsExactly("m");
    }

    @Test
    void afterUnbindNothingFlows(Amqp amqp) throws Exception {
        String source = amqp.exchange(FANOUT);
        String destination = amqp.exchange(FANOUT);
        String queue = amqp.queueBoundTo(destination, "");
        amqp.channel().exchangeBind(destination, source, "");

        amqp.channel().exchangeUnbind(destination, source, "");
        amqp.publish(source, "k", "m");

        assertThat(amqp.drain(queue)).isEmpty();
    }

    @Test
    void unbindingWhatIsNotBoundIsNoError(Amqp amqp) throws Exception {
        amqp.channel().exchangeUnbind(amqp.exchange(FANOUT), amqp.exchange(FANOUT), "k");
    }

    @Test
    void deletingTheDestinationRemovesTheBinding(Amqp amqp) throws Exception {
        String source = amqp.exchange(FANOUT);
        String destination = amqp.exchange(FANOUT);
        amqp.channel().exchangeBind(destination, source, "");

        amqp.channel().exchangeDelete(destination);

        amqp.channel().exchangeDelete(source, true);
    }

    @Test
    void theExchangesOfABindingMustExist(Amqp amqp) throws Exception {
        String there = amqp.exchange(FANOUT);
        String absent = amqp.name("absent");
        String absentToo = amqp.name("absent");

        assertThat(amqp.refusal(ch -> ch.exchangeBind(absent, there, "")))
                .isEqualTo(channel(404, "NOT_FOUND - no exchange '" + absent + "' in vhost '/'"));
        assertThat(amqp.refusal(ch -> ch.exchangeBind(there, absent, "")))
                .isEqualTo(channel(404, "NOT_FOUND - no exchange '" + absent + "' in vhost '/'"));
        assertThat(amqp.refusal(ch -> ch.exchangeBind(absent, absentToo, "")))
                .as("the source is looked up first")
                .isEqualTo(channel(404, "NOT_FOUND - no exchange '" + absentToo + "' in vhost '/'"));
    }

    @Test
    void theDefaultExchangeTakesNoBindings(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> ch.exchangeBind("", "amq.direct", "k")))
                .isEqualTo(channel(403, "ACCESS_REFUSED - operation not permitted on the default exchange"));
        assertThat(amqp.refusal(ch -> ch.exchangeBind("amq.direct", "", "k")))
                .isEqualTo(channel(403, "ACCESS_REFUSED - operation not permitted on the default exchange"));
    }

    @Test
    void anInternalExchangeIsReachedThroughOthersOnly(Amqp amqp) throws Exception {
        String internal = amqp.name("internal");
        amqp.channel().exchangeDeclare(internal, FANOUT, false, false, true, Map.of());
        String source = amqp.exchange(FANOUT);
        amqp.channel().exchangeBind(internal, source, "");
        String queue = amqp.queueBoundTo(internal, "");

        amqp.publish(source, "k", "m");

        assertThat(amqp.drain(queue)).containsExactly("m");
        assertThat(amqp.refusal(ch -> ch.basicPublish(internal, "k", null, Amqp.bytes("m")))).isEqualTo(channel(403,
                "ACCESS_REFUSED - cannot publish to internal exchange '" + internal + "' in vhost '/'"));
    }

    @Test
    void anAlternateExchangeTakesWhatIsNotRouted(Amqp amqp) throws Exception {
        String alternate = amqp.exchange(FANOUT);
        String unrouted = amqp.queueBoundTo(alternate, "");
        String exchange = amqp.exchange(DIRECT, Map.of("alternate-exchange", alternate));
        String queue = amqp.queueBoundTo(exchange, "known");

        amqp.publish(exchange, "known", "1");
        amqp.publish(exchange, "unknown", "2");

        assertThat(amqp.drain(queue)).containsExactly("1");
        assertThat(amqp.drain(unrouted)).containsExactly("2");
    }

    @Test
    void alternateExchangesMayBeChained(Amqp amqp) throws Exception {
        String last = amqp.exchange(FANOUT);
        String unrouted = amqp.queueBoundTo(last, "");
        String middle = amqp.exchange(DIRECT, Map.of("alternate-exchange", last));
        String first = amqp.exchange(DIRECT, Map.of("alternate-exchange", middle));

        amqp.publish(first, "k", "m");

        var message = amqp.take(unrouted);
        assertThat(message.getEnvelope().getExchange()).isEqualTo(first);
        assertThat(message.getEnvelope().getRoutingKey()).isEqualTo("k");
    }

    @Test
    void anAlternateExchangeThatDoesNotExistDropsQuietly(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT, Map.of("alternate-exchange", "nowhere"));

        amqp.publish(exchange, "k", "m");
    }

    @Test
    void aMandatoryMessageThatTheAlternateExchangeRoutesIsNotReturned(Amqp amqp) throws Exception {
        String alternate = amqp.exchange(FANOUT);
        String unrouted = amqp.queueBoundTo(alternate, "");
        String exchange = amqp.exchange(DIRECT, Map.of("alternate-exchange", alternate));
        var returned = new java.util.concurrent.CopyOnWriteArrayList<String>();
        amqp.channel().addReturnListener(r -> returned.add(r.getReplyText()));

        amqp.channel().basicPublish(exchange, "k", true, null, Amqp.bytes("m"));
        amqp.channel().waitForConfirmsOrDie(5_000);

        assertThat(amqp.drain(unrouted)).containsExactly("m");
        assertThat(returned).isEmpty();
    }
}
