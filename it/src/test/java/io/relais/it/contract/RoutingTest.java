// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static com.rabbitmq.client.BuiltinExchangeType.DIRECT;
import static com.rabbitmq.client.BuiltinExchangeType.FANOUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import org.junit.jupiter.api.Test;

/** The default, direct and fanout exchanges. */
@AmqpTest
class RoutingTest {

    @Test
    void theDefaultExchangeRoutesToTheQueueOfThatName(Amqp amqp) throws Exception {
        String queue = amqp.queue();

        amqp.publish("", queue, "m");

        assertThat(amqp.drain(queue)).containsExactly("m");
    }

    @Test
    void aDirectExchangeRoutesByTheExactKey(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        String queue = amqp.queueBoundTo(exchange, "red");

        amqp.publish(exchange, "red", "1");
        amqp.publish(exchange, "Red", "2");
        amqp.publish(exchange, "red.dark", "3");
        amqp.publish(exchange, "", "4");

        assertThat(amqp.drain(queue)).containsExactly("1");
    }

    @Test
    void aDirectExchangeRoutesToEveryQueueBoundWithTheKey(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        String one = amqp.queueBoundTo(exchange, "red", "blue");
        String two = amqp.queueBoundTo(exchange, "red");

        amqp.publish(exchange, "red", "r");
        amqp.publish(exchange, "blue", "b");

        assertThat(amqp.drain(one)).containsExactly("r", "b");
        assertThat(amqp.drain(two)).containsExactly("r");
    }

    @Test
    void aFanoutExchangeIgnoresTheKey(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(FANOUT);
        String one = amqp.queueBoundTo(exchange, "a");
        String two = amqp.queueBoundTo(exchange, "");

        amqp.publish(exchange, "anything", "m");

        assertThat(amqp.drain(one)).containsExactly("m");
        assertThat(amqp.drain(two)).containsExactly("m");
    }

    @Test
    void aQueueGetsOneCopyHoweverManyBindingsMatch(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(FANOUT);
        String queue = amqp.queueBoundTo(exchange, "a", "b", "c");

        amqp.publish(exchange, "a", "m");

        assertThat(amqp.drain(queue)).containsExactly("m");
    }

    @Test
    void afterUnbindNothingIsRouted(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        String queue = amqp.queueBoundTo(exchange, "red");

        amqp.channel().queueUnbind(queue, exchange, "red");
        amqp.publish(exchange, "red", "m");

        assertThat(amqp.drain(queue)).isEmpty();
    }

    @Test
    void bindingsMadeMeanwhileCountFromThenOn(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        String queue = amqp.queue();

        amqp.publish(exchange, "red", "before");
        amqp.channel().queueBind(queue, exchange, "red");
        amqp.publish(exchange, "red", "after");

        assertThat(amqp.drain(queue)).containsExactly("after");
    }

    @Test
    void aDeletedQueueIsRoutedToNoMore(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        String gone = amqp.queueBoundTo(exchange, "red");
        String stays = amqp.queueBoundTo(exchange, "red");
        amqp.publish(exchange, "red", "1");

        amqp.channel().queueDelete(gone);
        amqp.publish(exchange, "red", "2");

        assertThat(amqp.drain(stays)).containsExactly("1", "2");
    }

    @Test
    void theRoutingKeyMayHave255Bytes(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        String key = "k".repeat(255);
        String queue = amqp.queueBoundTo(exchange, key);

        amqp.publish(exchange, key, "m");

        assertThat(amqp.take(queue).getEnvelope().getRoutingKey()).isEqualTo(key);
    }

    @Test
    void anEmptyRoutingKeyInABindNamesTheLastDeclaredQueueWhenTheQueueIsEmptyToo(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        String queue = amqp.queue();

        amqp.channel().queueBind("", exchange, "");
        amqp.publish(exchange, queue, "m");

        assertThat(amqp.drain(queue)).containsExactly("m");
    }
}
