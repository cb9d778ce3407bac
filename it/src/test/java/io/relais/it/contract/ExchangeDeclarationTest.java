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
import io.relais.it.fixture.Closed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Declaring exchanges, again and differently. */
@AmqpTest
class ExchangeDeclarationTest {
    private static final Map<String, Object> NONE = Map.of();

    @ParameterizedTest
    @ValueSource(strings = {"amq.direct", "amq.fanout", "amq.topic", "amq.headers", "amq.match"})
    void thePredeclaredExchangesAreThere(String exchange, Amqp amqp) throws Exception {
        amqp.channel().exchangeDeclarePassive(exchange);
    }

    @Test
    void declaringTheSameExchangeAgainChangesNothing(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        String queue = amqp.queueBoundTo(exchange, "k");

        amqp.channel().exchangeDeclare(exchange, DIRECT, false, false, NONE);
        amqp.publish(exchange, "k", "m");

        assertThat(amqp.drain(queue)).containsExactly("m");
    }

    @Test
    void aPassiveDeclareOfAnAbsentExchangeIs404(Amqp amqp) throws Exception {
        String absent = amqp.name("absent");

        assertThat(amqp.refusal(ch -> ch.exchangeDeclarePassive(absent)))
                .isEqualTo(channel(404, "NOT_FOUND - no exchange '" + absent + "' in vhost '/'"));
    }

    @Test
    void aPassiveDeclareLooksAtTheNameOnly(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(TOPIC);

        amqp.channel().exchangeDeclarePassive(exchange);
    }

    @Test
    void anotherTypeIs406(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);

        assertThat(amqp.refusal(ch -> ch.exchangeDeclare(exchange, TOPIC, false, false, NONE)))
                .isEqualTo(differs("type", exchange, "received 'topic' but current is 'direct'"));
    }

    @Test
    void anotherDurabilityIs406(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);

        assertThat(amqp.refusal(ch -> ch.exchangeDeclare(exchange, DIRECT, true, false, NONE)))
                .isEqualTo(differs("durable", exchange, "received 'true' but current is 'false'"));
    }

    @Test
    void anotherAutoDeleteIs406(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);

        assertThat(amqp.refusal(ch -> ch.exchangeDeclare(exchange, DIRECT, false, true, NONE)))
                .isEqualTo(differs("auto_delete", exchange, "received 'true' but current is 'false'"));
    }

    @Test
    void anotherInternalIs406(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);

        assertThat(amqp.refusal(ch -> ch.exchangeDeclare(exchange, DIRECT, false, false, true, NONE)))
                .isEqualTo(differs("internal", exchange, "received 'true' but current is 'false'"));
    }

    @Test
    void anotherAlternateExchangeIs406(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT, Map.of("alternate-exchange", "one"));

        assertThat(amqp.refusal(
                ch -> ch.exchangeDeclare(exchange, DIRECT, false, false, Map.of("alternate-exchange", "two"))))
                .isEqualTo(differs("alternate-exchange", exchange, "received 'two' but current is 'one'"));
        assertThat(amqp.refusal(ch -> ch.exchangeDeclare(exchange, DIRECT, false, false, NONE)))
                .isEqualTo(differs("alternate-exchange", exchange,
                        "received none but current is the value 'one' of type 'longstr'"));
    }

    @Test
    void unknownArgumentsMakeNoDifference(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT, Map.of("colour", "red"));

        amqp.channel().exchangeDeclare(exchange, DIRECT, false, false, NONE);
    }

    @Test
    void anAlternateExchangeThatIsNoTextIs406(Amqp amqp) throws Exception {
        String exchange = amqp.name("exchange");

        assertThat(amqp.refusal(
                ch -> ch.exchangeDeclare(exchange, DIRECT, false, false, Map.of("alternate-exchange", 1))))
                .isEqualTo(channel(406, "PRECONDITION_FAILED - invalid type 'signedint' for arg 'alternate-exchange' in"
                        + " exchange '" + exchange + "' in vhost '/'"));
    }

    @Test
    void anUnknownTypeEndsTheConnection(Amqp amqp) throws Exception {
        String exchange = amqp.name("exchange");

        Closed closed = amqp.refusal(ch -> ch.exchangeDeclare(exchange, "carousel"));

        assertThat(closed.scope()).isEqualTo(Closed.Scope.CONNECTION);
        assertThat(closed.code()).isEqualTo(503);
        assertThat(closed.text()).matches("COMMAND_INVALID - (unknown|invalid) exchange type 'carousel'");
    }

    @Test
    void namesThatBeginWithAmqAreReserved(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> ch.exchangeDeclare("amq.mine", DIRECT)))
                .isEqualTo(channel(403, "ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix 'amq.*'"));
    }

    @Test
    void aPredeclaredExchangeMayBeDeclaredAsItIs(Amqp amqp) throws Exception {
        amqp.channel().exchangeDeclare("amq.direct", DIRECT, true, false, NONE);

        assertThat(amqp.refusal(ch -> ch.exchangeDeclare("amq.direct", FANOUT, true, false, NONE)))
                .isEqualTo(differs("type", "amq.direct", "received 'fanout' but current is 'direct'"));
    }

    @Test
    void theDefaultExchangeIsNotToBeDeclared(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> ch.exchangeDeclare("", DIRECT, true, false, NONE)))
                .isEqualTo(channel(403, "ACCESS_REFUSED - operation not permitted on the default exchange"));
        assertThat(amqp.refusal(ch -> ch.exchangeDeclarePassive("")))
                .isEqualTo(channel(403, "ACCESS_REFUSED - operation not permitted on the default exchange"));
    }

    @Test
    void noWaitDeclaresWithoutAnAnswer(Amqp amqp) throws Exception {
        String exchange = amqp.name("exchange");

        amqp.channel().exchangeDeclareNoWait(exchange, DIRECT, false, false, false, NONE);

        amqp.channel().exchangeDeclarePassive(exchange);
    }

    private static Closed differs(String argument, String exchange, String how) {
        return channel(406, "PRECONDITION_FAILED - inequivalent arg '%s' for exchange '%s' in vhost '/': %s"
                .formatted(argument, exchange, how));
    }
}
