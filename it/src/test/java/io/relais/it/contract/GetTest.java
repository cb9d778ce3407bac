// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Closed.channel;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.GetResponse;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import org.junit.jupiter.api.Test;

/** basic.get: one message at a time. */
@AmqpTest
class GetTest {

    @Test
    void getGivesTheOldestAndTellsHowManyRemain(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b", "c");

        GetResponse response = amqp.channel().basicGet(queue, true);

        assertThat(Amqp.text(response)).isEqualTo("a");
        assertThat(response.getMessageCount()).isEqualTo(2);
        assertThat(response.getEnvelope().isRedeliver()).isFalse();
        assertThat(response.getEnvelope().getExchange()).isEmpty();
        assertThat(response.getEnvelope().getRoutingKey()).isEqualTo(queue);
    }

    @Test
    void anEmptyQueueGivesNothing(Amqp amqp) throws Exception {
        assertThat(amqp.get(amqp.queue())).isEmpty();
    }

    @Test
    void whatIsNotAcknowledgedIsNotGivenTwice(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b");

        assertThat(Amqp.text(amqp.channel().basicGet(queue, false))).isEqualTo("a");
        assertThat(Amqp.text(amqp.channel().basicGet(queue, false))).isEqualTo("b");
        assertThat(amqp.channel().basicGet(queue, false)).isNull();
    }

    @Test
    void getIgnoresThePrefetchLimit(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b");
        var limited = amqp.openChannel();
        limited.basicQos(1);

        assertThat(limited.basicGet(queue, false)).isNotNull();
        assertThat(limited.basicGet(queue, false)).isNotNull();
    }

    @Test
    void gettingFromAnAbsentQueueIs404(Amqp amqp) throws Exception {
        String absent = amqp.name("absent");

        assertThat(amqp.refusal(ch -> ch.basicGet(absent, true)))
                .isEqualTo(channel(404, "NOT_FOUND - no queue '" + absent + "' in vhost '/'"));
    }
}
