// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenLoopTest {

    @Test
    void aMessageIsDueByTheScheduleAloneHoweverLateTheOneBeforeWas() {
        OpenLoop fiveThousandPerSecond = new OpenLoop(1_000_000, 200_000);

        assertThat(fiveThousandPerSecond.dueNs(1)).isEqualTo(1_200_000);
        assertThat(fiveThousandPerSecond.dueNs(5_000)).isEqualTo(1_001_000_000);
    }

    @Test
    void awaitingReturnsNotBeforeTheMessageIsDue() {
        OpenLoop schedule = OpenLoop.startingIn(0, 1_000);

        schedule.await(3);

        assertThat(System.nanoTime()).isGreaterThanOrEqualTo(schedule.dueNs(3));
    }
}
