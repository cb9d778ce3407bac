// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.relais.kafka.clean.CompactionRange.Group;
import io.relais.kafka.clean.CompactionRange.Limits;
import io.relais.log.RetainedLog.Part;
import org.junit.jupiter.api.Test;

/** What of a log can be compacted, and whether it is due. */
class CompactionRangeTest {
    private static final long NOW = 1_000_000;
    private static final Limits LIMITS = new Limits(0.5, 0, Long.MAX_VALUE);
    private static final List<Part> PARTS = List.of(new Part(0, 10, 100, NOW - 300), new Part(10, 20, 100, NOW - 200),
            new Part(20, 30, 100, NOW - 100), new Part(30, 40, 100, NOW));

    private static CompactionRange range(long cleaned, long logStart, long lastStable, Limits limits) {
        return CompactionRange.of(PARTS, cleaned, logStart, lastStable, limits, NOW);
    }

    @Test
    void whatWasNeverCompacted_isDirtyFromItsBeginning_butForTheLastFile() {
        assertThat(range(-1, 0, 40, LIMITS)).isEqualTo(new CompactionRange(0, 30, 0, 300));
    }

    @Test
    void whatWasCompactedBefore_isClean() {
        assertThat(range(20, 0, 40, LIMITS)).isEqualTo(new CompactionRange(20, 30, 200, 100));
    }

    @Test
    void aFileThatIsCleanInItsFirstHalf_isDirty() {
        assertThat(range(15, 0, 40, LIMITS)).isEqualTo(new CompactionRange(15, 30, 100, 200));
    }

    @Test
    void whenTheNoteDoesNotFitTheLog_thenEverythingIsDirty() {
        assertThat(range(41, 0, 40, LIMITS).firstDirty()).isZero();
        assertThat(range(5, 12, 40, LIMITS).firstDirty()).isEqualTo(12);
    }

    @Test
    void nothingIsTouchedThatIsNotDecided() {
        assertThat(range(-1, 0, 30, LIMITS).end()).isEqualTo(30);
        assertThat(range(-1, 0, 29, LIMITS).end()).isEqualTo(20);
        assertThat(range(-1, 0, 5, LIMITS)).isEqualTo(new CompactionRange(0, 0, 0, 0));
    }

    @Test
    void nothingIsTouchedThatIsTooYoung() {
        assertThat(range(-1, 0, 40, new Limits(0.5, 200, Long.MAX_VALUE)).end()).isEqualTo(20);
        assertThat(range(-1, 0, 40, new Limits(0.5, 201, Long.MAX_VALUE)).end()).isEqualTo(10);
    }

    @Test
    void itIsDue_whenMoreThanTheRatioIsDirty() {
        assertThat(new CompactionRange(20, 30, 100, 100).isDue(LIMITS, -1, NOW)).isFalse();
        assertThat(new CompactionRange(20, 30, 100, 101).isDue(LIMITS, -1, NOW)).isTrue();
        assertThat(new CompactionRange(0, 0, 0, 0).isDue(LIMITS, -1, NOW)).isFalse();
    }

    @Test
    void itIsDue_whenARecordWaitedLongEnough() {
        Limits limits = new Limits(0.5, 0, 1000);

        assertThat(new CompactionRange(20, 30, 900, 1).isDue(limits, NOW - 1000, NOW)).isFalse();
        assertThat(new CompactionRange(20, 30, 900, 1).isDue(limits, NOW - 1001, NOW)).isTrue();
        assertThat(new CompactionRange(20, 30, 900, 0).isDue(limits, NOW - 1001, NOW)).isFalse();
    }

    @Test
    void filesAreRewrittenTogether_upToTheSizeOfOne() {
        assertThat(CompactionRange.groups(PARTS, 30, 200)).containsExactly(new Group(0, 20), new Group(20, 30));
        assertThat(CompactionRange.groups(PARTS, 30, 1000)).containsExactly(new Group(0, 30));
        assertThat(CompactionRange.groups(PARTS, 30, 10)).containsExactly(new Group(0, 10), new Group(10, 20),
                new Group(20, 30));
        assertThat(CompactionRange.groups(PARTS, 15, 1000)).containsExactly(new Group(0, 20));
        assertThat(CompactionRange.groups(PARTS, 40, 1000)).as("the last file").containsExactly(new Group(0, 30));
    }

    @Test
    void aFileNeverTakesMoreOffsetsThanItsIndexCanName() {
        long far = 3L << 30;
        List<Part> parts = List.of(new Part(0, 10, 10, NOW), new Part(10, far, 10, NOW), new Part(far, far, 0, -1));

        assertThat(CompactionRange.groups(parts, far, 1000)).containsExactly(new Group(0, 10), new Group(10, far));
    }
}
