// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Closed.channel;
import static io.relais.it.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Map;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import org.junit.jupiter.api.Test;

/** Publisher confirms. */
@AmqpTest
class PublisherConfirmTest {

    /** What was confirmed, by sequence number. */
    private static final class Confirms {
        private final BitSet acked = new BitSet();
        private final BitSet nacked = new BitSet();

        static Confirms of(Channel channel) throws Exception {
            Confirms confirms = new Confirms();
            channel.confirmSelect();
            channel.addConfirmListener(confirms::ack, confirms::nack);
            return confirms;
        }

        private synchronized void ack(long tag, boolean multiple) {
            mark(acked, tag, multiple);
        }

        private synchronized void nack(long tag, boolean multiple) {
            mark(nacked, tag, multiple);
        }

        private void mark(BitSet marks, long tag, boolean multiple) {
            int last = (int) tag;
            for (int i = multiple ? 1 : last; i <= last; i++) {
                if (!acked.get(i) && !nacked.get(i)) {
                    marks.set(i);
                }
            }
        }

        synchronized int acked() {
            return acked.cardinality();
        }

        synchronized int nacked() {
            return nacked.cardinality();
        }
    }

    @Test
    void everyPersistentMessageIsConfirmed(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel channel = amqp.openChannel();
        Confirms confirms = Confirms.of(channel);

        for (int i = 0; i < 500; i++) {
            channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, Amqp.bytes("m"));
        }

        eventually(() -> assertThat(confirms.acked()).isEqualTo(500));
        assertThat(confirms.nacked()).isZero();
        assertThat(amqp.depth(queue)).isEqualTo(500);
    }

    @Test
    void transientAndUnroutableMessagesAreConfirmedToo(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel channel = amqp.openChannel();
        Confirms confirms = Confirms.of(channel);

        for (int i = 0; i < 100; i++) {
            channel.basicPublish("", queue, MessageProperties.MINIMAL_BASIC, Amqp.bytes("m"));
            channel.basicPublish("", "nobody", MessageProperties.PERSISTENT_BASIC, Amqp.bytes("m"));
        }

        eventually(() -> assertThat(confirms.acked()).isEqualTo(200));
    }

    @Test
    void sequenceNumbersStartAtOneWhenConfirmsAreSelected(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel channel = amqp.openChannel();
        channel.basicPublish("", queue, null, Amqp.bytes("before"));
        Confirms confirms = Confirms.of(channel);

        channel.basicPublish("", queue, null, Amqp.bytes("after"));

        eventually(() -> assertThat(confirms.acked()).isEqualTo(1));
        assertThat(confirms.acked.get(1)).isTrue();
    }

    @Test
    void selectingTwiceChangesNothing(Amqp amqp) throws Exception {
        Channel channel = amqp.openChannel();
        channel.confirmSelect();
        channel.confirmSelect();

        channel.basicPublish("", amqp.queue(), null, Amqp.bytes("m"));

        assertThat(channel.waitForConfirms(5_000)).isTrue();
    }

    @Test
    void aFanOutIsConfirmedOnce(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(com.rabbitmq.client.BuiltinExchangeType.FANOUT);
        for (int i = 0; i < 5; i++) {
            amqp.queueBoundTo(exchange, "");
        }
        Channel channel = amqp.openChannel();
        Confirms confirms = Confirms.of(channel);

        channel.basicPublish(exchange, "", MessageProperties.PERSISTENT_BASIC, Amqp.bytes("m"));
        channel.basicPublish(exchange, "", MessageProperties.PERSISTENT_BASIC, Amqp.bytes("m"));

        eventually(() -> assertThat(confirms.acked()).isEqualTo(2));
    }

    @Test
    void whatAFullQueueRejectsIsNacked(Amqp amqp) throws Exception {
        String queue = amqp.queue(Map.of("x-max-length", 2, "x-overflow", "reject-publish"));
        Channel channel = amqp.openChannel();
        Confirms confirms = Confirms.of(channel);

        for (int i = 0; i < 5; i++) {
            channel.basicPublish("", queue, null, Amqp.bytes("m" + i));
        }

        eventually(() -> assertThat(confirms.acked() + confirms.nacked()).isEqualTo(5));
        assertThat(confirms.nacked()).isEqualTo(3);
        assertThat(amqp.drain(queue)).containsExactly("m0", "m1");
    }

    @Test
    void oneFullQueueAmongSeveralNacksTheMessage(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(com.rabbitmq.client.BuiltinExchangeType.FANOUT);
        String open = amqp.queueBoundTo(exchange, "");
        String full = amqp.queue(Map.of("x-max-length", 0, "x-overflow", "reject-publish"));
        amqp.channel().queueBind(full, exchange, "");
        Channel channel = amqp.openChannel();
        Confirms confirms = Confirms.of(channel);

        channel.basicPublish(exchange, "", null, Amqp.bytes("m"));

        eventually(() -> assertThat(confirms.nacked()).isEqualTo(1));
        assertThat(amqp.drain(open)).containsExactly("m");
    }

    @Test
    void aTransactionalChannelHasNoConfirms(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> {
            ch.txSelect();
            ch.confirmSelect();
        })).isEqualTo(channel(406, "PRECONDITION_FAILED - cannot switch from tx to confirm mode"));
    }
}
