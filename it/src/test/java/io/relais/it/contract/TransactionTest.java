// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Closed.channel;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import org.junit.jupiter.api.Test;

/** tx: publishes and acknowledgements that take effect together. */
@AmqpTest
class TransactionTest {

    private static Channel transactional(Amqp amqp) throws Exception {
        Channel channel = amqp.openChannel();
        channel.txSelect();
        return channel;
    }

    @Test
    void publishesAreSeenAfterTheCommit(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel channel = transactional(amqp);

        channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, Amqp.bytes("a"));
        channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, Amqp.bytes("b"));
        assertThat(amqp.get(queue)).isEmpty();
        channel.txCommit();

        assertThat(amqp.drain(queue)).containsExactly("a", "b");
    }

    @Test
    void rollbackForgetsPublishes(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel channel = transactional(amqp);

        channel.basicPublish("", queue, null, Amqp.bytes("forgotten"));
        channel.txRollback();
        channel.basicPublish("", queue, null, Amqp.bytes("kept"));
        channel.txCommit();

        assertThat(amqp.drain(queue)).containsExactly("kept");
    }

    @Test
    void acknowledgementsCountFromTheCommit(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b");
        Channel channel = transactional(amqp);
        channel.basicGet(queue, false);
        channel.basicGet(queue, false);

        channel.basicAck(1, false);
        channel.txCommit();
        channel.basicAck(2, false);
        channel.close();

        assertThat(amqp.drain(queue)).containsExactly("b");
    }

    @Test
    void rollbackForgetsAcknowledgementsButDoesNotRequeue(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "m");
        Channel channel = transactional(amqp);
        channel.basicGet(queue, false);

        channel.basicAck(1, false);
        channel.txRollback();

        assertThat(amqp.get(queue)).isEmpty();
        channel.basicAck(1, false);
        channel.txCommit();
        channel.close();
        assertThat(amqp.get(queue)).isEmpty();
    }

    @Test
    void rejectionsCountFromTheCommit(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "m");
        Channel channel = transactional(amqp);
        channel.basicGet(queue, false);

        channel.basicReject(1, true);
        assertThat(amqp.get(queue)).isEmpty();
        channel.txCommit();

        assertThat(amqp.drain(queue)).containsExactly("m");
    }

    @Test
    void closingTheChannelRollsBack(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Channel channel = transactional(amqp);

        channel.basicPublish("", queue, null, Amqp.bytes("m"));
        channel.close();

        assertThat(amqp.drain(queue)).isEmpty();
    }

    @Test
    void unroutableMandatoryMessagesAreReturnedAtTheCommit(Amqp amqp) throws Exception {
        Channel channel = transactional(amqp);
        List<Integer> returned = new CopyOnWriteArrayList<>();
        channel.addReturnListener(r -> returned.add(r.getReplyCode()));

        channel.basicPublish("", "nobody", true, null, Amqp.bytes("m"));
        channel.txCommit();

        io.relais.it.fixture.Eventually.eventually(() -> assertThat(returned).containsExactly(312));
    }

    @Test
    void aCommitOfNothingIsAnswered(Amqp amqp) throws Exception {
        Channel channel = transactional(amqp);

        channel.txCommit();
        channel.txRollback();
        channel.txSelect();
    }

    @Test
    void withoutSelectCommitAndRollbackAre406(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(Channel::txCommit))
                .isEqualTo(channel(406, "PRECONDITION_FAILED - channel is not transactional"));
        assertThat(amqp.refusal(Channel::txRollback))
                .isEqualTo(channel(406, "PRECONDITION_FAILED - channel is not transactional"));
    }

    @Test
    void aChannelWithConfirmsIsNotTransactional(Amqp amqp) throws Exception {
        assertThat(amqp.refusal(ch -> {
            ch.confirmSelect();
            ch.txSelect();
        })).isEqualTo(channel(406, "PRECONDITION_FAILED - cannot switch from confirm to tx mode"));
    }
}
