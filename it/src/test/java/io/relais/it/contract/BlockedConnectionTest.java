// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.OwnBroker;
import io.relais.it.fixture.TestBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A broker short of memory stops publishers and tells them so. */
@AmqpTest
@OwnBroker
class BlockedConnectionTest {
    private final List<String> told = new CopyOnWriteArrayList<>();

    @BeforeEach
    void memoryRunsLow(TestBroker broker) throws Exception {
        broker.memoryAlarm(true);
    }

    @AfterEach
    void memoryIsFine(TestBroker broker) throws Exception {
        broker.memoryAlarm(false);
    }

    private Connection listening(Amqp amqp) throws Exception {
        Connection connection = amqp.connect();
        connection.addBlockedListener(told::add, () -> told.add("unblocked"));
        return connection;
    }

    /** Publishes until the broker has noticed its shortage. */
    private void publishUntilBlocked(Channel channel, String queue) throws Exception {
        eventually(() -> {
            channel.basicPublish("", queue, null, Amqp.bytes("m"));
            assertThat(told).isNotEmpty();
        });
    }

    @Test
    void aPublisherIsToldThatItIsBlockedAndWhenThatIsOver(Amqp amqp, TestBroker broker) throws Exception {
        publishUntilBlocked(listening(amqp).createChannel(), "nowhere");
        assertThat(told).singleElement().asString().contains("memory");

        broker.memoryAlarm(false);

        eventually(() -> assertThat(told).hasSize(2).last().isEqualTo("unblocked"));
    }

    @Test
    void whatWasPublishedWhileBlockedArrivesAfterwards(Amqp amqp, TestBroker broker) throws Exception {
        Channel channel = listening(amqp).createChannel();
        publishUntilBlocked(channel, "nowhere");
        String queue = amqp.queue();
        channel.basicPublish("", queue, null, Amqp.bytes("m"));
        assertThat(amqp.get(queue)).isEmpty();

        broker.memoryAlarm(false);

        assertThat(Amqp.text(amqp.take(queue))).isEqualTo("m");
    }

    @Test
    void aConnectionThatDoesNotPublishGoesOn(Amqp amqp) throws Exception {
        Connection connection = listening(amqp);

        String queue = amqp.name("queue");
        connection.createChannel().queueDeclare(queue, false, false, false, null);

        assertThat(connection.createChannel().basicGet(queue, true)).isNull();
    }
}
