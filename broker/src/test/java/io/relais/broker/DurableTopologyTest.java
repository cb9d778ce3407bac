// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import static io.relais.broker.TestClient.durableExchange;
import static io.relais.broker.TestClient.durableQueue;
import static io.relais.broker.TestClient.exchange;
import static io.relais.broker.TestClient.queue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.relais.broker.store.DurabilityListener;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is there again after the power failed. */
class DurableTopologyTest {
    private SimulatedBroker broker = SimulatedBroker.start();
    private TestClient client = broker.client();

    @AfterEach
    void stop() {
        broker.close();
    }

    private void crash() {
        broker = broker.crash();
        client = broker.client();
    }

    @Test
    void durableQueuesExchangesAndBindingsComeBackWithTheirArguments() {
        Map<String, @Nullable Object> arguments = Map.of("x-max-length", (short) 5, "other", List.of(1L, "a"));
        client.declare(durableExchange("x", "headers"), durableExchange("in", "fanout"));
        client.declare(durableQueue("q", arguments));
        client.bindExchange("x", "in", "");
        client.binding("q", "x", "", Map.of("n", 1, "x-match", "any")).value();

        crash();

        client.declare(durableExchange("x", "headers"));
        client.declare(durableQueue("q", arguments));
        assertThat(client.whoGets("in", "", Map.of("n", 1), List.of("q"))).containsExactly("q");
        assertThat(client.whoGets("in", "", Map.of("n", 2), List.of("q"))).isEmpty();
        Answer<List<Inventory.QueueInfo>> queues = new Answer<>();
        broker.administration().inventory().queues("/", queues);
        assertThat(queues.value()).singleElement().extracting(Inventory.QueueInfo::arguments).isEqualTo(arguments);
    }

    @Test
    void transientOnesAndTheirBindingsDoNot() {
        client.declare(exchange("x", "fanout"));
        client.declare(queue("q"), durableQueue("d", Map.of()));
        client.bind("q", "amq.fanout", "");
        client.bind("d", "x", "");

        crash();

        assertThat(client.queueExists("q")).isFalse();
        assertThat(client.exchangeExists("x")).isFalse();
        assertThat(client.publish("amq.fanout", "", "")).isEqualTo(PublishOutcome.Kind.UNROUTABLE);
        assertThat(client.queueExists("d")).isTrue();
    }

    @Test
    void whatWasDeletedStaysDeleted() {
        client.declare(new ExchangeDeclaration("temporary", "fanout", true, true, false, Map.of()));
        client.declare(durableQueue("q", Map.of()), durableQueue("r", Map.of()));
        client.bind("q", "temporary", "");
        client.bind("q", "amq.direct", "k");
        client.bind("r", "amq.direct", "k");
        client.unbind("r", "amq.direct", "k");
        client.deleteQueue("q");

        crash();

        assertThat(client.queueExists("q")).isFalse();
        assertThat(client.exchangeExists("temporary")).isFalse();
        assertThat(client.publish("amq.direct", "k", "")).isEqualTo(PublishOutcome.Kind.UNROUTABLE);
        client.declare(durableQueue("q", Map.of()));
        assertThat(client.publish("amq.direct", "k", "")).isEqualTo(PublishOutcome.Kind.UNROUTABLE);
    }

    @Test
    void aQueueDeclaredAgainAfterItsDeletionDoesNotFindOldMessages() {
        client.declare(durableQueue("q", Map.of()));
        client.publish("", "q", "old");
        client.deleteQueue("q");
        client.declare(durableQueue("q", Map.of()));
        client.publish("", "q", "new");

        crash();

        assertThat(client.get("q")).isEqualTo("new");
        assertThat(client.get("q")).isNull();
    }

    @Test
    void aDeclarationIsAnsweredOnlyOnceItIsOnTheDisk() {
        Answer<QueueStatus> first = new Answer<>();
        Answer<QueueStatus> second = new Answer<>();
        TestClient other = broker.client();
        client.session().declareQueue(durableQueue("q", Map.of()), first);
        other.session().declareQueue(durableQueue("q", Map.of()), second);

        assertThat(first.came()).isFalse();
        assertThat(second.came()).as("the same name, from another connection").isFalse();

        broker.settle();
        assertThat(first.value()).isEqualTo(second.value());
    }

    @Test
    void aDeclarationThatDiffersFromOneOnItsWayIsRefusedAtOnce() {
        Answer<QueueStatus> first = new Answer<>();
        Answer<QueueStatus> second = new Answer<>();
        client.session().declareQueue(durableQueue("q", Map.of()), first);
        broker.client();
        client.session().declareQueue(queue("q"), second);

        assertThat(second.refusal()).isInstanceOf(Refusal.PreconditionFailed.class);
        broker.settle();
        first.value();
    }

    @Test
    void transientDeclarationsDoNotWait() {
        Answer<QueueStatus> answer = new Answer<>();

        client.session().declareQueue(queue("q"), answer);

        assertThat(answer.came()).isTrue();
    }

    /** A message may be routed by a binding that is not on the disk yet; its confirm must not be sent before the binding is. */
    @Test
    void aConfirmDoesNotOutrunTheBindingThatRoutedTheMessage() {
        client.declare(durableQueue("q", Map.of()));
        broker.holdMetadata(true);
        Answer<@Nullable Void> bound = new Answer<>();
        client.session().bindQueue("q", "amq.direct", "k", Map.of(), bound);
        PublishOutcome outcome = client.publish("amq.direct", "k", "m", Map.of());
        assertThat(outcome.kind()).isEqualTo(PublishOutcome.Kind.ROUTED);
        Answer<String> confirmed = new Answer<>();
        broker.broker().whenDurable(outcome.ticket(), new DurabilityListener() {
            @Override
            public void durable() {
                confirmed.done("confirmed");
            }

            @Override
            public void failed(String why) {
                throw new AssertionError(why);
            }
        });
        broker.advance(1_000);
        assertThat(confirmed.came()).isFalse();
        assertThat(bound.came()).isFalse();

        broker.holdMetadata(false);
        broker.settle();

        assertThat(confirmed.came()).isTrue();
        assertThat(bound.came()).isTrue();
    }

    @Test
    void declarationsThatComeTogetherAreWrittenTogether() {
        broker.holdMetadata(true);
        Answer<QueueStatus> first = new Answer<>();
        client.session().declareQueue(durableQueue("q0", Map.of()), first);
        List<Answer<QueueStatus>> answers = new ArrayList<>();
        for (int i = 1; i < 100; i++) {
            Answer<QueueStatus> answer = new Answer<>();
            client.session().declareQueue(durableQueue("q" + i, Map.of()), answer);
            answers.add(answer);
        }

        broker.holdMetadata(false);
        while (!first.came()) {
            assertThat(broker.step()).isTrue();
        }
        assertThat(answers).noneMatch(Answer::came);
        while (!answers.getFirst().came()) {
            assertThat(broker.step()).isTrue();
        }
        assertThat(answers).allMatch(Answer::came);
    }

    @Test
    void whereTheMetadataCannotBeWrittenDeclarationsAreRefusedAndPublishersBlocked() {
        client.declare(durableQueue("before", Map.of()));

        broker.breakMetadata();

        assertThat(client.declaring(durableQueue("q", Map.of())).refusal())
                .isInstanceOf(Refusal.StorageFailed.class);
        assertThat(client.declaring(durableQueue("r", Map.of())).refusal())
                .isInstanceOf(Refusal.StorageFailed.class);
        assertThat(broker.broker().blockedReason()).contains("the metadata cannot be written");
        assertThat(client.publish("", "before", "m")).isEqualTo(PublishOutcome.Kind.ROUTED);
        assertThat(client.get("before")).isEqualTo("m");
    }

    /** At any moment of several declarations the power fails: what was answered is there. */
    @Test
    void whatWasAnsweredIsThereWheneverThePowerFails() {
        for (long seed = 0; seed < 40; seed++) {
            SimulatedBroker one = SimulatedBroker.start(seed);
            Session session = one.client().session();
            Answer<QueueStatus> declared = new Answer<>();
            Answer<@Nullable Void> bound = new Answer<>();
            Answer<Long> deleted = new Answer<>();
            session.declareQueue(durableQueue("q", Map.of()), declared);
            session.bindQueue("q", "amq.topic", "#", Map.of(), bound);
            session.declareQueue(durableQueue("r", Map.of()), new Answer<>());
            session.deleteQueue("r", false, false, deleted);
            for (long step = 0; step < seed % 12; step++) {
                one.step();
            }
            boolean wasDeclared = declared.came();
            boolean wasBound = bound.came();
            boolean wasDeleted = deleted.came();

            SimulatedBroker next = one.crash();
            TestClient after = next.client();
            boolean routed = after.publish("amq.topic", "k", "") == PublishOutcome.Kind.ROUTED;
            assertThat(!wasDeclared || after.queueExists("q")).as("declared, seed %d", seed).isTrue();
            assertThat(!wasBound || routed).as("bound, seed %d", seed).isTrue();
            assertThat(wasDeleted && after.queueExists("r")).as("deleted, seed %d", seed).isFalse();
            next.close();
        }
    }
}
