// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;

import io.relais.amqp.codec.Seeds;
import io.relais.broker.queue.MessageQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UnackedTest {
    private final World world = new World();
    private final MessageQueue queue = queue();
    private final Unacked unacked = new Unacked();

    @AfterEach
    void end() {
        world.end();
    }

    private MessageQueue queue() {
        world.client().channel(1).declare("q");
        return world.broker.queue("q");
    }

    static LongStream seeds() {
        return Seeds.fresh(40);
    }

    /** Random deliveries and settlements, beside a sorted map that does the same. */
    @ParameterizedTest
    @MethodSource("seeds")
    void holdsWhatASortedMapHolds(long seed) {
        Random random = new Random(seed);
        TreeMap<Long, Long> model = new TreeMap<>();
        long lastTag = 0;
        for (int i = 0; i < 2000; i++) {
            long tag = 1 + random.nextLong(lastTag + 3);
            switch (random.nextInt(random.nextBoolean() ? 3 : 12)) {
                case 0 -> {
                    if (model.containsKey(tag)) {
                        assertThat(takeOne(tag)).containsExactly(entry(tag, model.remove(tag)));
                    } else {
                        assertThat(unacked.contains(tag)).isFalse();
                        assertThat(takeOne(tag)).isEmpty();
                    }
                }
                case 1 -> {
                    if (random.nextInt(20) == 0) {
                        Unacked.Order order = random.nextBoolean()
                                ? Unacked.Order.OLDEST_FIRST
                                : Unacked.Order.NEWEST_FIRST;
                        var some = model.headMap(tag, true);
                        List<String> expected = (order == Unacked.Order.OLDEST_FIRST ? some : some.descendingMap())
                                .entrySet()
                                .stream().map(e -> entry(e.getKey(), e.getValue())).toList();
                        List<String> taken = new ArrayList<>();
                        unacked.takeUpTo(tag, order, (t, q, offset, c) -> taken.add(entry(t, offset)));
                        assertThat(taken).hasSameElementsAs(expected);
                        some.clear();
                    }
                }
                default -> {
                    lastTag += random.nextInt(50) == 0 ? 1 + random.nextInt(1000) : 1;
                    unacked.add(lastTag, queue, lastTag * 10, null);
                    model.put(lastTag, lastTag * 10);
                }
            }
            assertThat(unacked.count()).isEqualTo(model.size());
        }
        assertThat(model.keySet()).allMatch(unacked::contains);
    }

    private List<String> takeOne(long tag) {
        List<String> taken = new ArrayList<>();
        unacked.takeOne(tag, (t, q, offset, c) -> taken.add(entry(t, offset)));
        return taken;
    }

    private static String entry(long tag, long offset) {
        return tag + "@" + offset;
    }

    @Test
    void oneOldMessageDoesNotMakeItGrow() {
        unacked.add(1, queue, 1, null);
        for (long tag = 2; tag < 100_000; tag++) {
            unacked.add(tag, queue, tag, null);
            unacked.takeOne(tag, (t, q, offset, c) -> {
            });
        }

        assertThat(unacked.contains(1)).isTrue();
        assertThat(unacked.ringCapacity()).isLessThanOrEqualTo(16);
    }

    @Test
    void deliveriesThatAreNotKeptLeaveNoTrace() {
        unacked.add(1, queue, 1, null);
        unacked.add(1L << 40, queue, 2, null);

        assertThat(unacked.contains(1)).isTrue();
        assertThat(unacked.contains(1L << 40)).isTrue();
        assertThat(unacked.ringCapacity()).isLessThanOrEqualTo(16);
    }

    @Test
    void whatWasHeldInABurstIsGivenBack() {
        for (long tag = 1; tag <= 100_000; tag++) {
            unacked.add(tag, queue, tag, null);
        }
        unacked.takeAll(Unacked.Order.NEWEST_FIRST, (t, q, offset, c) -> {
        });

        assertThat(unacked.count()).isZero();
        assertThat(unacked.ringCapacity()).isZero();
    }
}
