// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static com.rabbitmq.client.BuiltinExchangeType.DIRECT;
import static io.relais.it.fixture.Closed.channel;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import org.junit.jupiter.api.Test;

/** Binding queues: what must exist, what is forgiven. */
@AmqpTest
class QueueBindingTest {

    @Test
    void bindingAnAbsentQueueIs404(Amqp amqp) throws Exception {
        String absent = amqp.name("absent");

        assertThat(amqp.refusal(ch -> ch.queueBind(absent, "amq.direct", "k")))
                .isEqualTo(channel(404, "NOT_FOUND - no queue '" + absent + "' in vhost '/'"));
    }

    @Test
    void bindingToAnAbsentExchangeIs404(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        String absent = amqp.name("absent");

        assertThat(amqp.refusal(ch -> ch.queueBind(queue, absent, "k")))
                .isEqualTo(channel(404, "NOT_FOUND - no exchange '" + absent + "' in vhost '/'"));
    }

    @Test
    void theDefaultExchangeTakesNoBindings(Amqp amqp) throws Exception {
        String queue = amqp.queue();

        assertThat(amqp.refusal(ch -> ch.queueBind(queue, "", "k")))
                .isEqualTo(channel(403, "ACCESS_REFUSED - operation not permitted on the default exchange"));
        assertThat(amqp.refusal(ch -> ch.queueUnbind(queue, "", queue)))
                .isEqualTo(channel(403, "ACCESS_REFUSED - operation not permitted on the default exchange"));
    }

    @Test
    void unbindingIsForgiving(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        String absent = amqp.name("absent");

        amqp.channel().queueUnbind(queue, "amq.direct", "never bound");
        amqp.channel().queueUnbind(queue, absent, "k");
        amqp.channel().queueUnbind(absent, "amq.direct", "k");
    }

    @Test
    void bindingsThatDifferInArgumentsAreDifferent(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        String queue = amqp.queue();
        amqp.channel().queueBind(queue, exchange, "k", Map.of("n", 1));
        amqp.channel().queueBind(queue, exchange, "k", Map.of("n", 2));

        amqp.channel().queueUnbind(queue, exchange, "k", Map.of("n", 1));
        amqp.publish(exchange, "k", "still bound once");
        amqp.channel().queueUnbind(queue, exchange, "k", Map.of("n", 2));
        amqp.publish(exchange, "k", "not bound");

        assertThat(amqp.drain(queue)).containsExactly("still bound once");
    }

    @Test
    void bindingTwiceIsBindingOnce(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        String queue = amqp.queueBoundTo(exchange, "k", "k");

        amqp.channel().queueUnbind(queue, exchange, "k");
        amqp.publish(exchange, "k", "m");

        assertThat(amqp.drain(queue)).isEmpty();
    }

    @Test
    void noWaitBindsWithoutAnAnswer(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(DIRECT);
        String queue = amqp.queue();

        amqp.channel().queueBindNoWait(queue, exchange, "k", Map.of());
        amqp.publish(exchange, "k", "m");

        assertThat(amqp.drain(queue)).containsExactly("m");
    }
}
