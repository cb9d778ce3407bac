// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.relais.log.RetainedLog.Part;
import org.junit.jupiter.api.Test;

/** Which files are past their retention. */
class RetentionTest {
    private static final long NOW = 1_000_000;
    private static final long NEVER = -1;
    private static final long ALL = -1;
    private static final long WEEK = 604_800_000;

    /** Three files of 100 bytes and 10 records each, whose youngest records are 300, 200 and 100 ms old. */
    private static final List<Part> PARTS = List.of(new Part(0, 10, 100, NOW - 300), new Part(10, 20, 100, NOW - 200),
            new Part(20, 30, 100, NOW - 100));

    private static Retention.Plan plan(Retention retention) {
        return retention.plan(PARTS, 0, 30, NOW - 150, NOW);
    }

    @Test
    void withoutLimits_everythingStays() {
        assertThat(plan(new Retention(NEVER, ALL, WEEK))).isEqualTo(new Retention.Plan(0, false));
    }

    @Test
    void filesGo_whoseYoungestRecordIsTooOld() {
        assertThat(plan(new Retention(200, ALL, WEEK)).trimBefore()).isEqualTo(10);
        assertThat(plan(new Retention(199, ALL, WEEK)).trimBefore()).isEqualTo(20);
    }

    @Test
    void whenTheLastFileIsTooOld_thenItGoesToo_andAnotherIsBegun() {
        assertThat(plan(new Retention(50, ALL, WEEK))).isEqualTo(new Retention.Plan(30, true));
    }

    @Test
    void anOldFileBehindAYoungOne_stays() {
        List<Part> parts = List.of(new Part(0, 10, 100, NOW), new Part(10, 20, 100, NOW - 900),
                new Part(20, 30, 0, -1));

        assertThat(new Retention(500, ALL, WEEK).plan(parts, 0, 30, -1, NOW).trimBefore()).isZero();
    }

    @Test
    void aFileWithoutTimestamps_doesNotAge() {
        assertThat(new Retention(0, ALL, WEEK).plan(List.of(new Part(0, 10, 100, -1)), 0, 10, -1, NOW).trimBefore())
                .isZero();
    }

    @Test
    void theOldestFilesGo_whileTheOthersStillReachTheSize() {
        assertThat(plan(new Retention(NEVER, 300, WEEK)).trimBefore()).isZero();
        assertThat(plan(new Retention(NEVER, 201, WEEK)).trimBefore()).isZero();
        assertThat(plan(new Retention(NEVER, 200, WEEK)).trimBefore()).isEqualTo(10);
        assertThat(plan(new Retention(NEVER, 100, WEEK)).trimBefore()).isEqualTo(20);
        assertThat(plan(new Retention(NEVER, 0, WEEK))).isEqualTo(new Retention.Plan(30, true));
    }

    @Test
    void nothingGoesAtOrBehindTheHighWatermark() {
        assertThat(new Retention(0, 0, WEEK).plan(PARTS, 0, 29, NOW - 150, NOW).trimBefore()).isEqualTo(20);
        assertThat(new Retention(0, 0, WEEK).plan(PARTS, 0, 9, NOW - 150, NOW).trimBefore()).isZero();
    }

    @Test
    void whatWasGivenUp_goes_whateverTheRetention() {
        assertThat(new Retention(NEVER, ALL, WEEK).plan(PARTS, 12, 30, NOW - 150, NOW).trimBefore()).isEqualTo(12);
    }

    @Test
    void aFileWhoseFirstRecordIsOldEnough_isFollowedByAnother() {
        assertThat(plan(new Retention(NEVER, ALL, 150)).roll()).isFalse();
        assertThat(plan(new Retention(NEVER, ALL, 149)).roll()).isTrue();
    }

    @Test
    void anEmptyFile_isNot() {
        List<Part> parts = List.of(new Part(30, 30, 0, -1));

        assertThat(new Retention(0, 0, 0).plan(parts, 30, 30, -1, NOW)).isEqualTo(new Retention.Plan(30, false));
    }
}
