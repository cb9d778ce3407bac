// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A set of offsets, against a plain one. */
class OffsetRangesTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void behavesLikeASetOfOffsetsUnderRandomChanges(long seed) {
        Random random = new Random(seed);
        OffsetRanges ranges = new OffsetRanges();
        TreeSet<Long> model = new TreeSet<>();
        for (int i = 0; i < 3000; i++) {
            long from = random.nextInt(300);
            switch (random.nextInt(10)) {
                case 0 -> {
                    long below = random.nextInt(30) == 0 ? from : random.nextInt(20);
                    ranges.removeBelow(below);
                    model.headSet(below).clear();
                }
                case 1, 2 -> {
                    long to = from + random.nextInt(12);
                    ranges.add(from, to);
                    for (long offset = from; offset < to; offset++) {
                        model.add(offset);
                    }
                }
                default -> assertThat(ranges.add(from)).as("seed %d, step %d", seed, i).isEqualTo(model.add(from));
            }
            assertSame(ranges, model, "seed " + seed + ", step " + i);
        }
    }

    private static void assertSame(OffsetRanges ranges, java.util.SortedSet<Long> model, String where) {
        TreeSet<Long> all = new TreeSet<>();
        for (int i = 0; i < ranges.size(); i++) {
            assertThat(ranges.from(i)).as(where).isLessThan(ranges.to(i));
            if (i > 0) {
                assertThat(ranges.from(i)).as(where + ": ranges neither touch nor overlap")
                        .isGreaterThan(ranges.to(i - 1));
            }
            for (long offset = ranges.from(i); offset < ranges.to(i); offset++) {
                all.add(offset);
            }
        }
        assertThat(all).as(where).isEqualTo(model);
        for (long probe = 0; probe < 320; probe += 7) {
            assertThat(ranges.contains(probe)).as(where).isEqualTo(model.contains(probe));
            long absent = probe;
            while (model.contains(absent)) {
                absent++;
            }
            assertThat(ranges.nextAbsent(probe)).as(where).isEqualTo(absent);
            assertThat(ranges.count(probe, probe + 40)).as(where).isEqualTo(model.subSet(probe, probe + 40).size());
        }
    }

    @Test
    void acknowledgementsInOrderAreOneRange() {
        OffsetRanges ranges = new OffsetRanges();
        for (long offset = 0; offset < 10_000; offset++) {
            ranges.add(offset);
        }
        assertThat(ranges.size()).isEqualTo(1);
        assertThat(ranges.nextAbsent(0)).isEqualTo(10_000);
    }
}
