// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.broker.BrokerOptions;
import io.relais.broker.Delivery;
import io.relais.broker.DeliveryTarget;
import io.relais.broker.Refusal;
import io.relais.broker.Reply;
import io.relais.broker.queue.SimulatedStore.Taken;
import io.relais.broker.store.StoreSizes;
import io.relais.log.disk.SimulatedDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a queue does with its messages, in virtual time on a simulated disk. */
class MessageQueueTest {
    private final SimulatedStore store = new SimulatedStore(new SimulatedDisk(7), 7, 1, BrokerOptions.DEFAULT,
            StoreSizes.DEFAULT, Set.of());

    @AfterEach
    void stop() {
        store.stop();
    }

    private static QueueSettings settings(long ttlMs, long maxLength, long maxBytes, QueueSettings.Overflow overflow,
            boolean deadLetters) {
        return new QueueSettings(QueueSettings.Type.CLASSIC, ttlMs, -1, deadLetters ? "dlx" : null, null, maxLength,
                maxBytes, overflow, -1);
    }

    /** A consumer that takes what it is given, up to a number of unacknowledged messages. */
    static final class Taker implements DeliveryTarget {
        final List<String> bodies = new ArrayList<>();
        final List<Long> offsets = new ArrayList<>();
        int prefetch = Integer.MAX_VALUE;
        boolean cancelled;

        @Override
        public boolean ready(Consumer consumer) {
            return offsets.size() < prefetch;
        }

        @Override
        public void deliver(Consumer consumer, Delivery delivery) {
            ByteBuf body = Unpooled.buffer();
            delivery.writeBody(body, 0, delivery.bodyLength());
            bodies.add(body.toString(StandardCharsets.UTF_8));
            offsets.add(delivery.offset());
        }

        @Override
        public void cancelled(Consumer consumer) {
            cancelled = true;
        }
    }

    private static Consumer subscribe(MessageQueue queue, Taker taker, boolean exclusive) {
        List<Consumer> consumers = new ArrayList<>();
        queue.subscribe("tag", taker, false, exclusive, new Reply<>() {
            @Override
            public void done(Consumer consumer) {
                consumers.add(consumer);
            }

            @Override
            public void refused(Refusal refusal) {
                throw new AssertionError(refusal.text());
            }
        });
        return consumers.getFirst();
    }

    @Nested
    class GivenAQueueWithThreeMessages {
        final MessageQueue queue = store.durableQueue("q", 1);

        GivenAQueueWithThreeMessages() {
            store.publish(queue, "a");
            store.publish(queue, "b");
            store.publish(queue, "c");
        }

        @Test
        void messagesComeInTheOrderOfPublishing() {
            assertThat(store.drain(queue)).containsExactly("a", "b", "c");
        }

        @Test
        void aReturnedMessageComesAgainAtItsPlace_asRedelivered() {
            Taken first = store.get(queue, false);
            Taken second = store.get(queue, false);
            assertThat(first).isNotNull();
            assertThat(second).isNotNull();

            queue.requeue(second.offset(), false);
            queue.requeue(first.offset(), false);

            assertThat(store.get(queue, true)).extracting(Taken::body, Taken::redelivered).containsExactly("a", true);
            assertThat(store.get(queue, true)).extracting(Taken::body, Taken::redelivered).containsExactly("b", true);
            assertThat(store.get(queue, true)).extracting(Taken::body, Taken::redelivered).containsExactly("c", false);
        }

        @Test
        void anUnacknowledgedMessageIsNeitherReadyNorGone() {
            store.get(queue, false);

            assertThat(queue.messageCount()).isEqualTo(2);
            assertThat(queue.unacknowledgedCount()).isEqualTo(1);
            assertThat(queue.purge()).isEqualTo(2);
            assertThat(queue.unacknowledgedCount()).isEqualTo(1);
        }

        @Test
        void deletingTellsHowManyWereReady_andCancelsConsumers() {
            Taker taker = new Taker();
            taker.prefetch = 1;
            subscribe(queue, taker, false);
            store.simulation().settle();

            assertThat(queue.delete()).isEqualTo(2);
            assertThat(taker.cancelled).isTrue();
        }

        @Test
        void anExclusiveConsumerIsRefusedBesideAnother() {
            subscribe(queue, new Taker(), false);
            List<Refusal> refusals = new ArrayList<>();
            queue.subscribe("other", new Taker(), false, true, new Reply<>() {
                @Override
                public void done(Consumer consumer) {
                    throw new AssertionError("accepted");
                }

                @Override
                public void refused(Refusal refusal) {
                    refusals.add(refusal);
                }
            });
            assertThat(refusals).singleElement().isInstanceOf(Refusal.ExclusiveConsumer.class);
        }
    }

    @Nested
    class GivenTwoConsumers {
        final MessageQueue queue = store.durableQueue("q", 1);
        final Taker one = new Taker();
        final Taker two = new Taker();

        @Test
        void messagesAreSharedInTurn() {
            subscribe(queue, one, false);
            subscribe(queue, two, false);
            for (int i = 0; i < 6; i++) {
                store.publish(queue, "m" + i);
            }
            store.simulation().settle();

            assertThat(one.bodies).containsExactly("m0", "m2", "m4");
            assertThat(two.bodies).containsExactly("m1", "m3", "m5");
        }

        @Test
        void aConsumerWithAllItsPrefetchOutIsPassedOver_untilItIsResumed() {
            one.prefetch = 1;
            Consumer first = subscribe(queue, one, false);
            subscribe(queue, two, false);
            for (int i = 0; i < 4; i++) {
                store.publish(queue, "m" + i);
            }
            store.simulation().settle();
            assertThat(one.bodies).containsExactly("m0");
            assertThat(two.bodies).containsExactly("m1", "m2", "m3");

            queue.acknowledge(one.offsets.removeFirst());
            first.resume();
            two.prefetch = 0;
            store.publish(queue, "m4");
            store.simulation().settle();

            assertThat(one.bodies).containsExactly("m0", "m4");
        }
    }

    @Nested
    class GivenATimeToLiveOfTwoSecondsAndADeadLetterExchange {
        final MessageQueue queue = store.queue("q", 1, true,
                settings(2000, -1, -1, QueueSettings.Overflow.DROP_HEAD, true));

        @Test
        void whenItPasses_thenTheMessageIsDeadLettered() {
            store.publish(queue, "late");
            store.simulation().advance(1999);
            assertThat(queue.messageCount()).isEqualTo(1);

            store.simulation().advance(2);

            assertThat(queue.messageCount()).isZero();
            assertThat(store.deadLettered()).singleElement()
                    .satisfies(message -> assertThat(message.exchange()).isEqualTo("dlx"));
        }

        @Test
        void aMessageOfAnEarlierLifeExpiresAfterARestartToo() {
            store.publish(queue, "late");
            store.quiesce();
            SimulatedStore next = new SimulatedStore(store.crash(), 8, 2, BrokerOptions.DEFAULT, StoreSizes.DEFAULT,
                    Set.of(1L));
            MessageQueue again = next.queue("q", 1, true,
                    settings(2000, -1, -1, QueueSettings.Overflow.DROP_HEAD, true));
            next.simulation().settle();
            assertThat(again.messageCount()).isEqualTo(1);

            next.simulation().advance(2100);

            assertThat(again.messageCount()).isZero();
            next.stop();
        }
    }

    @Test
    void aMessageWithItsOwnTimeToLiveExpiresAtTheHeadOfTheQueue() {
        MessageQueue queue = store.durableQueue("q", 1);
        store.publish(List.of(queue), "short".getBytes(StandardCharsets.UTF_8), true, 100);
        store.publish(queue, "stays");

        store.simulation().advance(150);

        assertThat(store.drain(queue)).containsExactly("stays");
    }

    @Nested
    class GivenAMaximumLengthOfTwo {
        @Test
        void dropHeadGivesUpTheOldest_andDeadLettersIt() {
            MessageQueue queue = store.queue("q", 1, true, settings(-1, 2, -1, QueueSettings.Overflow.DROP_HEAD, true));
            for (String body : List.of("a", "b", "c", "d")) {
                store.publish(queue, body);
            }
            assertThat(store.deadLettered()).hasSize(2);
            assertThat(store.drain(queue)).containsExactly("c", "d");
        }

        @Test
        void rejectPublishRefusesTheNewest() {
            MessageQueue queue = store.queue("q", 1, true,
                    settings(-1, 2, -1, QueueSettings.Overflow.REJECT_PUBLISH, false));
            assertThat(store.publish(queue, "a")).isPositive();
            assertThat(store.publish(queue, "b")).isPositive();
            assertThat(store.publish(queue, "c")).isEqualTo(Route.REJECTED);
            assertThat(store.drain(queue)).containsExactly("a", "b");
        }

        @Test
        void inBytesItCountsReadyBodies_alsoAfterARestart() {
            QueueSettings limited = settings(-1, -1, 10, QueueSettings.Overflow.DROP_HEAD, false);
            MessageQueue queue = store.queue("q", 1, true, limited);
            store.publish(queue, "12345");
            store.publish(queue, "67890");
            store.quiesce();
            SimulatedStore next = new SimulatedStore(store.crash(), 8, 2, BrokerOptions.DEFAULT, StoreSizes.DEFAULT,
                    Set.of(1L));
            MessageQueue again = next.queue("q", 1, true, limited);
            next.simulation().settle();

            next.publish(again, "abc");

            next.simulation().settle();
            assertThat(next.drain(again)).containsExactly("67890", "abc");
            next.stop();
        }
    }

    @Nested
    class GivenAQuorumQueueWithADeliveryLimitOfTwo {
        final QueueSettings quorum = new QueueSettings(QueueSettings.Type.QUORUM, -1, -1, "dlx", null, -1, -1,
                QueueSettings.Overflow.DROP_HEAD, 2);

        private Taken returned(SimulatedStore in, MessageQueue queue) {
            Taken taken = java.util.Objects.requireNonNull(in.get(queue, false));
            queue.requeue(taken.offset(), true);
            return taken;
        }

        @Test
        void theThirdReturnDeadLettersTheMessage_andDeliveriesTellTheCount() {
            MessageQueue queue = store.queue("q", 1, true, quorum);
            store.publish(queue, "poison");

            assertThat(returned(store, queue).deliveryCount()).isZero();
            assertThat(returned(store, queue).deliveryCount()).isEqualTo(1);
            assertThat(returned(store, queue).deliveryCount()).isEqualTo(2);

            assertThat(store.get(queue, false)).isNull();
            assertThat(store.deadLettered()).hasSize(1);
        }

        @Test
        void itKeepsTransientMessagesToo() {
            MessageQueue queue = store.queue("q", 1, true, quorum);
            store.publish(List.of(queue), "transient".getBytes(StandardCharsets.UTF_8), false, -1);
            store.publish(queue, "persistent");
            store.quiesce();
            SimulatedStore next = new SimulatedStore(store.crash(), 8, 2, BrokerOptions.DEFAULT, StoreSizes.DEFAULT,
                    Set.of(1L));

            assertThat(next.drain(next.queue("q", 1, true, quorum))).containsExactly("transient", "persistent");
            next.stop();
        }

        @Test
        void theCountSurvivesARestart() {
            MessageQueue queue = store.queue("q", 1, true, quorum);
            store.publish(queue, "poison");
            returned(store, queue);
            store.quiesce();
            SimulatedStore next = new SimulatedStore(store.crash(), 8, 2, BrokerOptions.DEFAULT, StoreSizes.DEFAULT,
                    Set.of(1L));
            MessageQueue again = next.queue("q", 1, true, quorum);

            assertThat(next.get(again, false)).extracting(Taken::deliveryCount, Taken::redelivered).containsExactly(1,
                    true);
            next.stop();
        }
    }

    @Test
    void aQueueThatIsUnusedForItsExpiryAsksToBeDeleted() {
        MessageQueue queue = store.queue("q", 1, true, new QueueSettings(QueueSettings.Type.CLASSIC, -1, 1000, null,
                null, -1, -1, QueueSettings.Overflow.DROP_HEAD, -1));
        store.simulation().advance(900);
        queue.touch();
        store.simulation().advance(900);
        assertThat(store.unused()).isEmpty();

        store.simulation().advance(200);

        assertThat(store.unused()).containsExactly(queue);
    }

    @Test
    void aMessageForSeveralQueuesIsStoredOnce_andLivesInEach() {
        MessageQueue one = store.durableQueue("one", 1);
        MessageQueue two = store.durableQueue("two", 2);
        byte[] body = new byte[100_000];
        store.publish(List.of(one, two), body, true, -1);
        store.quiesce();
        assertThat(store.shard().residentBytes()).isLessThan(2 * 262_144 + 1);

        SimulatedStore next = new SimulatedStore(store.crash(), 8, 2, BrokerOptions.DEFAULT, StoreSizes.DEFAULT,
                Set.of(1L, 2L));
        for (MessageQueue again : List.of(next.durableQueue("one", 1), next.durableQueue("two", 2))) {
            assertThat(next.drain(again)).singleElement().satisfies(text -> assertThat(text).hasSize(100_000));
        }
        next.stop();
    }
}
