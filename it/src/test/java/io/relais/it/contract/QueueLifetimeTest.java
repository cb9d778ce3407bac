// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Closed.channel;
import static io.relais.it.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Closed;
import io.relais.it.fixture.Inbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Exclusive and auto-delete queues, deletion and purge. */
@AmqpTest
class QueueLifetimeTest {
    private static final Map<String, Object> NONE = Map.of();

    private static Closed absent(String queue) {
        return channel(404, "NOT_FOUND - no queue '" + queue + "' in vhost '/'");
    }

    static Stream<Arguments> useOfAQueue() {
        return Stream.of(
                use("declare", (ch, q) -> ch.queueDeclare(q, false, true, false, NONE)),
                use("passive declare", Channel::queueDeclarePassive),
                use("get", (ch, q) -> ch.basicGet(q, true)),
                use("consume", (ch, q) -> ch.basicConsume(q, true, new Inbox(ch))),
                use("purge", Channel::queuePurge),
                use("bind", (ch, q) -> ch.queueBind(q, "amq.direct", q)),
                use("delete", (ch, q) -> ch.queueDelete(q)));
    }

    interface QueueUse {
        void on(Channel channel, String queue) throws Exception;
    }

    private static Arguments use(String name, QueueUse use) {
        return Arguments.of(name, use);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("useOfAQueue")
    void anExclusiveQueueIsLockedForOtherConnections(String how, QueueUse use, Amqp amqp) throws Exception {
        String queue = amqp.name("queue");
        amqp.connect().createChannel().queueDeclare(queue, false, true, false, NONE);

        assertThat(amqp.refusal(ch -> use.on(ch, queue))).as(how).isEqualTo(channel(405,
                "RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '" + queue + "' in vhost '/'. It"
                        + " could be originally declared on another connection or the exclusive property value does not"
                        + " match that of the original declaration."));
    }

    @Test
    void anotherExclusivenessIs405(Amqp amqp) throws Exception {
        String queue = amqp.queue();

        assertThat(amqp.refusal(ch -> ch.queueDeclare(queue, true, true, false, NONE)).code()).isEqualTo(405);
    }

    @Test
    void othersMayPublishToAnExclusiveQueue(Amqp amqp) throws Exception {
        String queue = amqp.name("queue");
        Channel owner = amqp.connect().createChannel();
        owner.queueDeclare(queue, false, true, false, NONE);

        amqp.publish("", queue, "m");

        assertThat(Amqp.text(owner.basicGet(queue, true))).isEqualTo("m");
    }

    @Test
    void anExclusiveQueueIsUsableOnEveryChannelOfItsConnection(Amqp amqp) throws Exception {
        String queue = amqp.name("queue");
        Connection connection = amqp.connect();
        connection.createChannel().queueDeclare(queue, false, true, false, NONE);

        assertThat(connection.createChannel().queueDeclarePassive(queue).getMessageCount()).isZero();
    }

    @Test
    void anExclusiveQueueIsNeverDurableWhateverItsDeclareSays(Amqp amqp) throws Exception {
        String queue = amqp.name("queue");
        Channel channel = amqp.openChannel();

        channel.queueDeclare(queue, true, true, false, NONE);

        channel.queueDeclare(queue, false, true, false, NONE);
    }

    @Test
    void anExclusiveQueueGoesWithItsConnection(Amqp amqp) throws Exception {
        String queue = amqp.name("queue");
        Connection connection = amqp.connect();
        connection.createChannel().queueDeclare(queue, false, true, false, NONE);

        connection.close();

        eventually(() -> assertThat(amqp.refusal(ch -> ch.queueDeclarePassive(queue))).isEqualTo(absent(queue)));
    }

    @Test
    void anAutoDeleteQueueGoesWithItsLastConsumer(Amqp amqp) throws Exception {
        String queue = amqp.name("queue");
        Channel channel = amqp.openChannel();
        channel.queueDeclare(queue, false, false, true, NONE);
        String one = channel.basicConsume(queue, new Inbox(channel));
        String two = channel.basicConsume(queue, new Inbox(channel));

        channel.basicCancel(one);
        channel.queueDeclarePassive(queue);
        channel.basicCancel(two);

        assertThat(amqp.refusal(ch -> ch.queueDeclarePassive(queue))).isEqualTo(absent(queue));
    }

    @Test
    void anAutoDeleteQueueGoesWithTheChannelOfItsLastConsumer(Amqp amqp) throws Exception {
        String queue = amqp.name("queue");
        Channel channel = amqp.openChannel();
        channel.queueDeclare(queue, false, false, true, NONE);
        channel.basicConsume(queue, new Inbox(channel));

        channel.close();

        eventually(() -> assertThat(amqp.refusal(ch -> ch.queueDeclarePassive(queue))).isEqualTo(absent(queue)));
    }

    @Test
    void anAutoDeleteQueueThatWasNeverConsumedStays(Amqp amqp) throws Exception {
        String queue = amqp.name("queue");
        Channel channel = amqp.openChannel();
        channel.queueDeclare(queue, false, false, true, NONE);
        channel.basicGet(queue, true);

        channel.close();

        assertThat(amqp.channel().queueDeclarePassive(queue).getMessageCount()).isZero();
    }

    @Test
    void deletionTellsHowManyMessagesWereLost(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b", "c");

        assertThat(amqp.channel().queueDelete(queue).getMessageCount()).isEqualTo(3);
        assertThat(amqp.refusal(ch -> ch.queueDeclarePassive(queue))).isEqualTo(absent(queue));
    }

    @Test
    void deletingAnAbsentQueueIsNoError(Amqp amqp) throws Exception {
        assertThat(amqp.channel().queueDelete(amqp.name("absent")).getMessageCount()).isZero();
    }

    @Test
    void aQueueInUseIsNotDeletedIfUnusedIsAskedFor(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.consume(queue);

        assertThat(amqp.refusal(ch -> ch.queueDelete(queue, true, false)))
                .isEqualTo(channel(406, "PRECONDITION_FAILED - queue '" + queue + "' in vhost '/' in use"));
    }

    @Test
    void aQueueWithMessagesIsNotDeletedIfEmptyIsAskedFor(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "m");

        assertThat(amqp.refusal(ch -> ch.queueDelete(queue, false, true)))
                .isEqualTo(channel(406, "PRECONDITION_FAILED - queue '" + queue + "' in vhost '/' not empty"));
    }

    @Test
    void anUnusedAndEmptyQueueIsDeletedOnBothConditions(Amqp amqp) throws Exception {
        String queue = amqp.queue();

        amqp.channel().queueDelete(queue, true, true);

        assertThat(amqp.refusal(ch -> ch.queueDeclarePassive(queue))).isEqualTo(absent(queue));
    }

    @Test
    void purgeRemovesWhatIsReadyAndTellsHowMuch(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "a", "b", "c");
        Channel holder = amqp.openChannel();
        holder.basicGet(queue, false);

        assertThat(amqp.channel().queuePurge(queue).getMessageCount()).isEqualTo(2);

        holder.close();
        assertThat(amqp.drain(queue)).as("what was being consumed returns").containsExactly("a");
    }

    @Test
    void purgingAnAbsentQueueIs404(Amqp amqp) throws Exception {
        String absent = amqp.name("absent");

        assertThat(amqp.refusal(ch -> ch.queuePurge(absent))).isEqualTo(absent(absent));
    }

    @Test
    void aQueueThatIsDeletedAndDeclaredAgainStartsEmpty(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "old");
        amqp.channel().queueDelete(queue);

        amqp.channel().queueDeclare(queue, true, false, false, NONE);
        amqp.send(queue, "new");

        assertThat(amqp.drain(queue)).containsExactly("new");
    }
}
