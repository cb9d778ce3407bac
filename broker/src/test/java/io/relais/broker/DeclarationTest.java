// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import static io.relais.broker.TestClient.durableExchange;
import static io.relais.broker.TestClient.durableQueue;
import static io.relais.broker.TestClient.exchange;
import static io.relais.broker.TestClient.exclusiveQueue;
import static io.relais.broker.TestClient.queue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Declaring, checking, binding and deleting, as RabbitMQ 3.10.8 was seen to do it; the texts are RabbitMQ's. */
class DeclarationTest {
    private static final String LOCKED = "cannot obtain exclusive access to locked queue 'q' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.";
    private static final Refusal NO_QUEUE = new Refusal.NotFound("no queue 'q' in vhost '/'");
    private static final Refusal NO_EXCHANGE = new Refusal.NotFound("no exchange 'x' in vhost '/'");
    private static final Refusal DEFAULT_EXCHANGE = new Refusal.AccessRefused(
            "operation not permitted on the default exchange");

    private final SimulatedBroker broker = SimulatedBroker.start();
    private final TestClient client = broker.client();
    private final TestClient other = broker.client();

    @AfterEach
    void stop() {
        broker.close();
    }

    private static Refusal inequivalent(String argument, String what, String received, String current) {
        return new Refusal.PreconditionFailed("inequivalent arg '" + argument + "' for " + what
                + " in vhost '/': received '" + received + "' but current is '" + current + "'");
    }

    // ---- queues

    @Test
    void aQueueDeclaredTwiceAlikeIsTheSame() {
        client.declare(queue("q"));
        client.publish("", "q", "m");
        other.consume("q").cancel();

        client.publish("", "q", "m");

        assertThat(client.declaring(queue("q")).value()).isEqualTo(new QueueStatus("q", 1, 0));
    }

    @Test
    void aQueueDeclaredOtherwiseIsRefusedByTheFirstDifference() {
        client.declare(queue("q"));

        assertThat(client.declaring(new QueueDeclaration("q", true, false, true, Map.of())).refusal())
                .isEqualTo(inequivalent("durable", "queue 'q'", "true", "false"));
        assertThat(client.declaring(new QueueDeclaration("q", false, false, true, Map.of())).refusal())
                .isEqualTo(inequivalent("auto_delete", "queue 'q'", "true", "false"));
        assertThat(client.declaring(exclusiveQueue("q")).refusal()).isEqualTo(new Refusal.Locked(LOCKED));
    }

    @Test
    void anExclusiveQueueIsItsConnectionsAlone() {
        client.declare(exclusiveQueue("q"));
        Refusal locked = new Refusal.Locked(LOCKED);

        assertThat(other.declaring(exclusiveQueue("q")).refusal()).isEqualTo(locked);
        assertThat(other.declaring(queue("q")).refusal()).isEqualTo(locked);
        assertThat(other.<QueueStatus>run((session, reply) -> session.checkQueue("q", reply)).refusal())
                .isEqualTo(locked);
        assertThat(other.<Long>run((session, reply) -> session.deleteQueue("q", false, false, reply)).refusal())
                .isEqualTo(locked);
        assertThat(other.<Long>run((session, reply) -> session.purgeQueue("q", reply)).refusal()).isEqualTo(locked);
        assertThat(other.<Session.@Nullable Got>run((session, reply) -> session.get("q", true, reply)).refusal())
                .isEqualTo(locked);
        assertThat(other.consuming("q", false, Map.of()).refusal()).isEqualTo(locked);
        assertThat(other.binding("q", "amq.direct", "k", Map.of()).refusal()).isEqualTo(locked);
        other.unbind("q", "amq.direct", "never bound");
        assertThat(other.publish("", "q", "m")).isEqualTo(PublishOutcome.Kind.ROUTED);
        client.declare(new QueueDeclaration("q", true, true, false, Map.of()));
        assertThat(client.get("q")).isEqualTo("m");
    }

    @Test
    void anExclusiveQueueGoesWithItsConnection() {
        client.declare(exclusiveQueue("q"));

        client.close();

        assertThat(other.queueExists("q")).isFalse();
        other.declare(queue("q"));
    }

    @Test
    void theBrokerChoosesAName() {
        String one = client.declare(exclusiveQueue(""));
        String two = client.declare(exclusiveQueue(""));

        assertThat(one).matches("amq\\.gen-[A-Za-z0-9_-]{22}").isNotEqualTo(two);
        assertThat(client.declaring(exclusiveQueue(one)).refusal()).isEqualTo(new Refusal.AccessRefused(
                "queue name '" + one + "' contains reserved prefix 'amq.*'"));
        assertThat(client.queueExists(one)).isTrue();
    }

    @Test
    void lineEndsAreLeftOutOfNames() {
        assertThat(client.declare(queue("q\r\n"))).isEqualTo("q");
    }

    @Test
    void aQuorumQueueIsDurableAndEverybodys() {
        Map<String, @Nullable Object> quorum = Map.of("x-queue-type", "quorum");

        assertThat(client.declaring(queue("q", quorum)).refusal()).isEqualTo(
                new Refusal.PreconditionFailed("invalid property 'non-durable' for queue 'q' in vhost '/'"));
        assertThat(client.declaring(new QueueDeclaration("q", true, true, false, quorum)).refusal()).isEqualTo(
                new Refusal.PreconditionFailed("invalid property 'exclusive-owner' for queue 'q' in vhost '/'"));
        assertThat(client.declaring(new QueueDeclaration("q", true, false, true, quorum)).refusal()).isEqualTo(
                new Refusal.PreconditionFailed("invalid property 'auto-delete' for queue 'q' in vhost '/'"));
        assertThat(client.declaring(durableQueue("", quorum)).refusal()).isEqualTo(new Refusal.PreconditionFailed(
                "Cannot declare a server-named queue for type rabbit_quorum_queue"));
        client.declare(durableQueue("q", quorum));
    }

    @Test
    void aDeadLetterExchangeMustBeAName() {
        assertThat(client.declaring(queue("q", Map.of("x-dead-letter-exchange", 5))).refusal())
                .isEqualTo(new Refusal.PreconditionFailed(
                        "invalid type 'signedint' for arg 'x-dead-letter-exchange' in queue 'q' in vhost '/'"));
        client.declare(queue("q", Map.of("x-dead-letter-exchange", "absent")));
    }

    @Test
    void aQueueThatIsNotThereIsNotFoundButMayBeDeleted() {
        assertThat(client.<QueueStatus>run((session, reply) -> session.checkQueue("q", reply)).refusal())
                .isEqualTo(NO_QUEUE);
        assertThat(client.<Long>run((session, reply) -> session.purgeQueue("q", reply)).refusal())
                .isEqualTo(NO_QUEUE);
        assertThat(client.consuming("q", false, Map.of()).refusal()).isEqualTo(NO_QUEUE);
        assertThat(client.<Long>run((session, reply) -> session.deleteQueue("q", true, true, reply)).value())
                .isZero();
    }

    @Test
    void aQueueIsDeletedOnConditions() {
        client.declare(queue("q"));
        client.publish("", "q", "m");
        assertThat(client.<Long>run((session, reply) -> session.deleteQueue("q", false, true, reply)).refusal())
                .isEqualTo(new Refusal.PreconditionFailed("queue 'q' in vhost '/' not empty"));

        client.consume("q");
        assertThat(client.<Long>run((session, reply) -> session.deleteQueue("q", true, false, reply)).refusal())
                .isEqualTo(new Refusal.PreconditionFailed("queue 'q' in vhost '/' in use"));
    }

    @Test
    void purgingAndDeletingTellHowManyMessagesWent() {
        client.declare(queue("q"));
        client.publish("", "q", "1");
        client.publish("", "q", "2");
        assertThat(client.<Long>run((session, reply) -> session.purgeQueue("q", reply)).value()).isEqualTo(2);

        client.publish("", "q", "3");
        assertThat(client.<Long>run((session, reply) -> session.deleteQueue("q", false, false, reply)).value())
                .isEqualTo(1);
    }

    @Test
    void anAutoDeleteQueueGoesWithItsLastConsumer() {
        client.declare(new QueueDeclaration("q", true, false, true, Map.of()));
        var first = client.consume("q");
        var second = other.consume("q");

        first.cancel();
        assertThat(client.queueExists("q")).isTrue();

        second.cancel();
        assertThat(client.queueExists("q")).isFalse();
    }

    @Test
    void anUnusedQueueExpires() {
        client.declare(durableQueue("q", Map.of("x-expires", 1_000)));
        client.bind("q", "amq.direct", "k");

        broker.advance(999);
        assertThat(client.queueExists("q")).isTrue();
        broker.advance(2);

        assertThat(client.queueExists("q")).isFalse();
        assertThat(client.publish("amq.direct", "k", "")).isEqualTo(PublishOutcome.Kind.UNROUTABLE);
    }

    @Test
    void aConsumersPriorityIsRefusedUntilItIsOffered() {
        client.declare(queue("q"));

        assertThat(client.consuming("q", false, Map.of("x-priority", "a")).refusal())
                .isEqualTo(new Refusal.PreconditionFailed(
                        "invalid arg 'x-priority' for queue 'q' in vhost '/': \"expected integer, got longstr\""));
        assertThat(client.consuming("q", false, Map.of("x-priority", 5)).refusal().text())
                .contains("not offered yet");
        client.consuming("q", false, Map.of("x-priority", 0)).value();
    }

    @Test
    void aSecondConsumerBesideAnExclusiveOneIsRefused() {
        client.declare(queue("q"));
        client.consuming("q", true, Map.of()).value();

        assertThat(other.consuming("q", false, Map.of()).refusal())
                .isEqualTo(new Refusal.ExclusiveConsumer("queue 'q' in vhost '/' in exclusive use"));
    }

    // ---- exchanges

    @Test
    void anExchangeDeclaredOtherwiseIsRefusedByTheFirstDifference() {
        client.declare(exchange("x", "direct"));
        client.declare(exchange("x", "direct"));

        assertThat(client.declaring(exchange("x", "fanout")).refusal())
                .isEqualTo(inequivalent("type", "exchange 'x'", "fanout", "direct"));
        assertThat(client.declaring(durableExchange("x", "direct")).refusal())
                .isEqualTo(inequivalent("durable", "exchange 'x'", "true", "false"));
        assertThat(client.declaring(new ExchangeDeclaration("x", "direct", false, false, true, Map.of())).refusal())
                .isEqualTo(inequivalent("internal", "exchange 'x'", "true", "false"));
        assertThat(client.declaring(TestClient.withAlternate("x", "direct", "a")).refusal())
                .isEqualTo(new Refusal.PreconditionFailed(
                        "inequivalent arg 'alternate-exchange' for exchange 'x' in vhost '/': received the value 'a' of type 'longstr' but current is none"));
        client.declare(new ExchangeDeclaration("x", "direct", false, false, false, Map.of("other", 5)));
    }

    @Test
    void theExchangesOfTheSpecificationAreThere() {
        client.declare(durableExchange("amq.direct", "direct"), durableExchange("amq.fanout", "fanout"),
                durableExchange("amq.topic", "topic"), durableExchange("amq.headers", "headers"),
                durableExchange("amq.match", "headers"));
        assertThat(client.exchangeExists("amq.rabbitmq.trace")).isTrue();
        assertThat(client.declaring(exchange("amq.direct", "direct")).refusal())
                .isEqualTo(inequivalent("durable", "exchange 'amq.direct'", "false", "true"));
    }

    @Test
    void namesAndTypesOfExchangesAreChecked() {
        assertThat(client.declaring(exchange("amq.mine", "direct")).refusal()).isEqualTo(
                new Refusal.AccessRefused("exchange name 'amq.mine' contains reserved prefix 'amq.*'"));
        assertThat(client.declaring(exchange("x", "zzqq")).refusal())
                .isEqualTo(new Refusal.CommandInvalid("unknown exchange type 'zzqq'"));
        assertThat(client.declaring(exchange("", "direct")).refusal()).isEqualTo(DEFAULT_EXCHANGE);
        assertThat(client.declaring(
                new ExchangeDeclaration("x", "direct", false, false, false, Map.of("alternate-exchange", 5)))
                .refusal()).isEqualTo(new Refusal.PreconditionFailed(
                        "invalid type 'signedint' for arg 'alternate-exchange' in exchange 'x' in vhost '/'"));
    }

    @Test
    void someExchangesCannotBeDeletedAndAbsentOnesCan() {
        assertThat(deleting("", false).refusal()).isEqualTo(DEFAULT_EXCHANGE);
        assertThat(deleting("amq.direct", false).refusal()).isEqualTo(new Refusal.AccessRefused(
                "deletion of system exchange 'amq.direct' in vhost '/' not allowed"));
        deleting("absent", true).value();
    }

    @Test
    void anExchangeInUseIsOneThatBindingsLeave() {
        client.declare(exchange("x", "direct"), exchange("y", "direct"));
        client.bindExchange("y", "x", "k");

        assertThat(deleting("x", true).refusal())
                .isEqualTo(new Refusal.PreconditionFailed("exchange 'x' in vhost '/' in use"));
        deleting("y", true).value();
        deleting("x", true).value();
    }

    private Answer<@Nullable Void> deleting(String exchange, boolean ifUnused) {
        return client.run((session, reply) -> session.deleteExchange(exchange, ifUnused, reply));
    }

    // ---- bindings

    @Test
    void bothEndsOfABindingMustBeThere() {
        client.declare(queue("q"));
        assertThat(client.binding("q", "x", "k", Map.of()).refusal()).isEqualTo(NO_EXCHANGE);

        client.deleteQueue("q");
        assertThat(client.binding("q", "amq.direct", "k", Map.of()).refusal()).isEqualTo(NO_QUEUE);
        assertThat(client.binding("q", "x", "k", Map.of()).refusal()).isEqualTo(NO_EXCHANGE);
        assertThat(client.<@Nullable Void>run(
                (session, reply) -> session.bindExchange("x", "amq.direct", "k", Map.of(), reply)).refusal())
                .isEqualTo(NO_EXCHANGE);
        client.unbind("q", "x", "k");
    }

    @Test
    void theDefaultExchangeTakesNoBindings() {
        client.declare(queue("q"), queue("r"));

        assertThat(client.binding("q", "", "k", Map.of()).refusal()).isEqualTo(DEFAULT_EXCHANGE);
        assertThat(client.<@Nullable Void>run(
                (session, reply) -> session.unbindQueue("q", "", "q", Map.of(), reply)).refusal())
                .isEqualTo(DEFAULT_EXCHANGE);
        for (List<String> ends : List.of(List.of("", "amq.direct"), List.of("amq.direct", ""))) {
            assertThat(client.<@Nullable Void>run((session, reply) -> session.bindExchange(ends.getFirst(),
                    ends.getLast(), "k", Map.of(), reply)).refusal()).isEqualTo(DEFAULT_EXCHANGE);
        }
    }

    @Test
    void bindingsDifferByTheirArgumentsToo() {
        client.declare(queue("q"));
        client.binding("q", "amq.headers", "", Map.of("a", 1)).value();
        client.binding("q", "amq.headers", "", Map.of("a", 2)).value();

        client.<@Nullable Void>run(
                (session, reply) -> session.unbindQueue("q", "amq.headers", "", Map.of("a", 1), reply)).value();

        assertThat(client.whoGets("amq.headers", "", Map.of("a", 1), List.of("q"))).isEmpty();
        assertThat(client.whoGets("amq.headers", "", Map.of("a", 2), List.of("q"))).containsExactly("q");
    }

    @Test
    void aHeadersBindingIsCheckedWhereItGoesToAHeadersExchange() {
        client.declare(queue("q"));

        assertThat(client.binding("q", "amq.headers", "", Map.of("x-match", "foo")).refusal())
                .isEqualTo(new Refusal.PreconditionFailed(
                        "Invalid x-match field value <<\"foo\">>; expected all, any, all-with-x, or any-with-x"));
        client.binding("q", "amq.direct", "", Map.of("x-match", "foo")).value();
    }

    // ---- publishing, sessions

    @Test
    void publishingToAnAbsentExchangeIsRefused() {
        assertThat(client.publish("x", "k", "", Map.of()).refusal()).isEqualTo(NO_EXCHANGE);
    }

    @Test
    void anAbsentVirtualHostCannotBeOpened() {
        assertThat(broker.open("guest", "nov").refusal()).isEqualTo(new Refusal.NotAllowed("vhost nov not found"));
    }
}
