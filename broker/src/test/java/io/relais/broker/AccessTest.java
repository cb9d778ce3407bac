// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import static io.relais.broker.TestClient.exchange;
import static io.relais.broker.TestClient.exclusiveQueue;
import static io.relais.broker.TestClient.queue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user with few rights may do: configure {@code tp.q…}, write {@code tp.q…} and {@code tp.x}, read nothing. As RabbitMQ 3.10.8 was seen to do it. */
class AccessTest {
    private final SimulatedBroker broker = SimulatedBroker.start();
    private final TestClient guest = broker.client();

    @AfterEach
    void stop() {
        broker.close();
    }

    @BeforeEach
    void addUser() {
        broker.addUser("bob", "^tp\\.q", "^tp\\.q|^tp\\.x$", "");
        guest.declare(exchange("tp.x", "direct"));
        guest.declare(queue("tp.q"));
    }

    private static Refusal refused(String what) {
        return new Refusal.AccessRefused("access to " + what + " in vhost '/' refused for user 'bob'");
    }

    @Test
    void configuring() {
        TestClient bob = broker.client("bob", "/");

        bob.declare(queue("tp.q"), queue("tp.q2"));
        assertThat(bob.declaring(queue("zz")).refusal()).isEqualTo(refused("queue 'zz'"));
        assertThat(bob.declaring(exchange("zz", "direct")).refusal()).isEqualTo(refused("exchange 'zz'"));
        assertThat(bob.declaring(exchange("amq.zz", "direct")).refusal()).isEqualTo(refused("exchange 'amq.zz'"));
        assertThat(bob.declaring(exclusiveQueue("amq.zz")).refusal()).isEqualTo(
                new Refusal.AccessRefused("queue name 'amq.zz' contains reserved prefix 'amq.*'"));
        assertThat(bob.declaring(exclusiveQueue("")).refusal().text()).startsWith("access to queue 'amq.gen-");
        assertThat(bob.<Long>run((session, reply) -> session.deleteQueue("zz", false, false, reply)).refusal())
                .isEqualTo(refused("queue 'zz'"));
        assertThat(bob.queueExists("tp.q")).isTrue();
    }

    @Test
    void aDeadLetterExchangeNeedsToReadTheQueueAndToWriteToTheExchange() {
        TestClient bob = broker.client("bob", "/");
        QueueDeclaration declaration = queue("tp.q9", Map.of("x-dead-letter-exchange", "zz"));

        assertThat(bob.declaring(declaration).refusal()).isEqualTo(refused("queue 'tp.q9'"));
        broker.permit("bob", "/", ".*", "", ".*");
        assertThat(bob.declaring(declaration).refusal()).isEqualTo(refused("exchange 'zz'"));
    }

    @Test
    void reading() {
        TestClient bob = broker.client("bob", "/");
        Refusal refusal = refused("queue 'tp.q'");

        assertThat(bob.<Session.@Nullable Got>run((session, reply) -> session.get("tp.q", true, reply)).refusal())
                .isEqualTo(refusal);
        assertThat(bob.<Long>run((session, reply) -> session.purgeQueue("tp.q", reply)).refusal())
                .isEqualTo(refusal);
        assertThat(bob.consuming("tp.q", false, Map.of()).refusal()).isEqualTo(refusal);
    }

    @Test
    void binding() {
        TestClient bob = broker.client("bob", "/");

        assertThat(bob.binding("tp.q", "amq.direct", "k", Map.of()).refusal())
                .isEqualTo(refused("exchange 'amq.direct'"));
        assertThat(bob.binding("zz", "amq.direct", "k", Map.of()).refusal()).isEqualTo(refused("queue 'zz'"));
        assertThat(bob.binding("zz", "", "k", Map.of()).refusal()).isEqualTo(refused("queue 'zz'"));
    }

    @Test
    void publishing() {
        TestClient bob = broker.client("bob", "/");

        assertThat(bob.publish("", "k", "", Map.of()).refusal()).isEqualTo(refused("exchange 'amq.default'"));
        assertThat(bob.publish("amq.direct", "k", "", Map.of()).refusal())
                .isEqualTo(refused("exchange 'amq.direct'"));
        assertThat(bob.publish("zz", "k", "", Map.of()).refusal()).isEqualTo(refused("exchange 'zz'"));
        assertThat(bob.publish("tp.x", "k", "")).isEqualTo(PublishOutcome.Kind.UNROUTABLE);
    }

    @Test
    void aChangeOfPermissionsHoldsForTheNextMessage() {
        TestClient bob = broker.client("bob", "/");
        bob.publish("tp.x", "k", "");

        broker.permit("bob", "/", "", "", "");
        assertThat(bob.publish("tp.x", "k", "", Map.of()).refusal()).isEqualTo(refused("exchange 'tp.x'"));

        broker.permit("bob", "/", "", ".*", "");
        assertThat(bob.publish("tp.x", "k", "")).isEqualTo(PublishOutcome.Kind.UNROUTABLE);
    }

    @Test
    void aUserWithoutPermissionsMayNotEnter() {
        Answer<@Nullable Void> cleared = new Answer<>();
        broker.administration().clearPermission("/", "bob", cleared);
        broker.settle();
        cleared.value();

        assertThat(broker.open("bob", "/").refusal())
                .isEqualTo(new Refusal.NotAllowed("access to vhost '/' refused for user 'bob'"));
    }
}
