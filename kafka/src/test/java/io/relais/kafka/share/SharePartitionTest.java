// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What share partitions keep, in virtual time, over power cuts. */
class SharePartitionTest {
    private static final int HISTORIES = 60;

    private static Acknowledgement all(Acquisition acquired, byte type) {
        return new Acknowledgement(acquired.firstOffset(), acquired.lastOffset(), List.of(type));
    }

    private static Errors acknowledge(SimulatedShares shares, SharePartition share, Acquisition acquired, byte type) {
        List<Errors> told = new ArrayList<>();
        share.acknowledge("ann", List.of(all(acquired, type)), told::add);
        shares.simulation.settle();
        return told.get(0);
    }

    @Nested
    class GivenFourRecordsThatAMemberHas {
        SimulatedShares shares = SimulatedShares.start(7, Map.of()).subscribed();
        SharePartition share;
        Acquisition acquired;

        GivenFourRecordsThatAMemberHas() {
            shares.produce("a", "b", "c", "d");
            share = shares.open();
            acquired = shares.acquire(share, "ann", 4).get(0);
        }

        @Test
        void whenTheLockEnds_thenTheyAreAvailableWithTheirDeliveryCount() {
            shares.simulation.advance(29_999);
            assertThat(shares.acquire(share, "bob", 4)).isEmpty();

            shares.simulation.advance(1);

            assertThat(shares.acquire(share, "bob", 4)).containsExactly(new Acquisition(0, 3, 2));
            assertThat(acknowledge(shares, share, acquired, Acknowledgement.ACCEPT))
                    .isEqualTo(Errors.INVALID_RECORD_STATE);
        }

        @Test
        void whenTheyAreRenewed_thenTheLockBeginsAnew() {
            shares.simulation.advance(20_000);
            assertThat(acknowledge(shares, share, acquired, Acknowledgement.RENEW)).isEqualTo(Errors.NONE);

            shares.simulation.advance(29_999);
            assertThat(shares.acquire(share, "bob", 4)).isEmpty();
            shares.simulation.advance(1);
            assertThat(shares.acquire(share, "bob", 4)).isNotEmpty();
        }

        @Test
        void whenThePowerFails_thenTheyComeBack_countedAsDelivered() {
            shares.simulation.settle();
            shares = shares.crash();

            assertThat(shares.acquire(shares.open(), "bob", 4)).containsExactly(new Acquisition(0, 3, 2));
        }

        @Test
        void whenTheyAreAcceptedAndThePowerFails_thenTheyDoNotComeBack() {
            assertThat(acknowledge(shares, share, acquired, Acknowledgement.ACCEPT)).isEqualTo(Errors.NONE);

            shares = shares.crash();

            share = shares.open();
            assertThat(share.subscription().startOffset()).isEqualTo(4);
            assertThat(shares.acquire(share, "bob", 4)).isEmpty();
        }

        @Test
        void whenTheGroupIsReset_thenTheyAreHandedOutAnew_andWhoHasThemHearsOfIt() {
            List<Errors> told = new ArrayList<>();
            shares.store.initialize(shares.id(), 1, 2, told::add);
            assertThat(acknowledge(shares, share, acquired, Acknowledgement.ACCEPT))
                    .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);

            assertThat(told).containsExactly(Errors.NONE);
            assertThat(shares.acquire(shares.open(), "bob", 4)).containsExactly(new Acquisition(2, 3, 1));
        }

        @Test
        void whenTheTopicIsDeleted_thenWhoHasThemHearsOfIt() {
            shares.topics.delete(share.partition().topic());

            assertThat(acknowledge(shares, share, acquired, Acknowledgement.ACCEPT))
                    .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(shares.store.state(share.id())).isNull();
        }
    }

    @Nested
    class GivenAGroupWithADeadLetterQueue {
        SimulatedShares shares = SimulatedShares.start(7,
                Map.of("errors.deadletterqueue.topic.name", SimulatedShares.DEAD,
                        "errors.deadletterqueue.copy.record.enable", "true", "share.delivery.count.limit", "2"))
                .subscribed();

        GivenAGroupWithADeadLetterQueue() {
            shares.produce("a", "b", "c");
        }

        @Test
        void whenRecordsAreRejected_thenTheyAreInTheQueue_andOnlyThenDealtWith() {
            SharePartition share = shares.open();
            Acquisition acquired = shares.acquire(share, "ann", 2).get(0);
            share.acknowledge("ann", List.of(all(acquired, Acknowledgement.REJECT)), error -> {
            });
            assertThat(share.subscription().startOffset()).isZero();

            shares.simulation.settle();

            assertThat(shares.values(SimulatedShares.DEAD)).containsExactly("a", "b");
            assertThat(share.subscription().startOffset()).isEqualTo(2);
        }

        @Test
        void whenRecordsWereHandedOutTooOften_thenTheyAreInTheQueue() {
            SharePartition share = shares.open();
            shares.acquire(share, "ann", 1);
            shares.simulation.advance(30_000);
            shares.acquire(share, "ann", 1);
            shares.simulation.advance(30_000);

            assertThat(shares.values(SimulatedShares.DEAD)).containsExactly("a");
            assertThat(shares.acquire(share, "ann", 3)).containsExactly(new Acquisition(1, 2, 1));
        }

        @Test
        void whenThePowerFailsBeforeTheyAreInTheQueue_thenTheyGetThereAfterwards() {
            SharePartition share = shares.open();
            Acquisition acquired = shares.acquire(share, "ann", 3).get(0);
            boolean[] told = {false};
            share.acknowledge("ann", List.of(all(acquired, Acknowledgement.REJECT)), error -> told[0] = true);
            while (!told[0]) {
                assertThat(shares.simulation.step()).isTrue();
            }

            shares = shares.crash();
            share = shares.open();
            shares.simulation.settle();

            assertThat(shares.values(SimulatedShares.DEAD)).contains("a", "b", "c");
            assertThat(share.subscription().startOffset()).isEqualTo(3);
        }

        @Test
        void whenTheQueueIsNotOne_thenRecordsAreArchivedAllTheSame() {
            shares.configure(Map.of("errors.deadletterqueue.topic.name", "dlq.nowhere"));
            SharePartition share = shares.open();
            Acquisition acquired = shares.acquire(share, "ann", 3).get(0);

            assertThat(acknowledge(shares, share, acquired, Acknowledgement.REJECT)).isEqualTo(Errors.NONE);
            assertThat(share.subscription().startOffset()).isEqualTo(3);
        }
    }

    @Test
    void aGroupThatBeginsAtTheEnd_staysThere_whateverComesBeforeItsFirstRestart() {
        SimulatedShares shares = SimulatedShares.start(7, Map.of("share.auto.offset.reset", "latest")).subscribed();
        shares.produce("old");
        shares.open();
        shares.produce("new");

        shares = shares.crash();

        assertThat(shares.acquire(shares.open(), "ann", 9)).containsExactly(new Acquisition(1, 1, 1));
    }

    @Test
    void aGroupThatBeginsSomeTimeAgo_getsWhatCameSince() {
        SimulatedShares shares = SimulatedShares.start(7, Map.of("share.auto.offset.reset", "by_duration:PT1M"))
                .subscribed();
        shares.produce("old");
        shares.simulation.advance(100_000);
        shares.produce("recent");
        shares.simulation.advance(50_000);

        assertThat(shares.acquire(shares.open(), "ann", 9)).containsExactly(new Acquisition(1, 1, 1));
    }

    static List<Long> seeds() {
        String given = System.getProperty("seed");
        return given != null ? List.of(Long.valueOf(given)) : new Random().longs(HISTORIES).boxed().toList();
    }

    /** Members take and acknowledge, the power fails: what was confirmed never comes back, and nothing is lost. */
    @ParameterizedTest
    @MethodSource("seeds")
    void overPowerCuts_acceptedRecordsStayAway_andAllOthersComeBack(long seed) {
        Random random = new Random(seed);
        SimulatedShares shares = SimulatedShares.start(seed, Map.of("share.delivery.count.limit", "10")).subscribed();
        Set<Long> accepted = new HashSet<>();
        Set<Long> asked = new HashSet<>();
        Map<Long, Integer> counts = new HashMap<>();
        long produced = 0;
        for (int life = 0; life < 6; life++) {
            SharePartition share = shares.open();
            for (int i = 0; i < 12; i++) {
                if (random.nextInt(3) == 0) {
                    shares.produce("x", "y", "z");
                    produced += 3;
                }
                for (Acquisition each : shares.acquire(share, "ann", 1 + random.nextInt(5))) {
                    for (long offset = each.firstOffset(); offset <= each.lastOffset(); offset++) {
                        assertThat(accepted).doesNotContain(offset);
                        counts.merge(offset, 1, Integer::sum);
                        assertThat(each.deliveryCount()).isLessThanOrEqualTo(counts.get(offset));
                    }
                    byte type = random.nextBoolean() ? Acknowledgement.ACCEPT : Acknowledgement.RELEASE;
                    share.acknowledge("ann", List.of(all(each, type)), error -> {
                        for (long offset = each.firstOffset(); offset <= each.lastOffset(); offset++) {
                            if (error == Errors.NONE && type == Acknowledgement.ACCEPT) {
                                accepted.add(offset);
                            }
                        }
                    });
                    for (long offset = each.firstOffset(); type == Acknowledgement.ACCEPT
                            && offset <= each.lastOffset(); offset++) {
                        asked.add(offset);
                    }
                }
                for (int steps = random.nextInt(20); steps > 0; steps--) {
                    shares.simulation.step();
                }
            }
            shares = shares.crash();
        }
        SharePartition last = shares.open();
        Set<Long> rest = new HashSet<>();
        List<Acquisition> more = shares.acquire(last, "bob", 100);
        while (!more.isEmpty()) {
            for (Acquisition each : more) {
                for (long offset = each.firstOffset(); offset <= each.lastOffset(); offset++) {
                    assertThat(accepted).doesNotContain(offset);
                    rest.add(offset);
                }
                last.acknowledge("bob", List.of(all(each, Acknowledgement.ACCEPT)), error -> {
                });
            }
            more = shares.acquire(last, "bob", 100);
        }
        rest.addAll(asked);
        counts.forEach((offset, count) -> {
            if (count >= 10) {
                rest.add(offset); // released too often: archived
            }
        });
        assertThat(rest).hasSize((int) produced);
    }
}
