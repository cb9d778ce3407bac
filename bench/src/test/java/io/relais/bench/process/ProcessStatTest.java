// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessStatTest {

    @Test
    void countsUserAndSystemTimeOfTheProcessAndOfChildrenItWaitedFor() {
        String line = "9084 (beam.smp) S 9079 9079 9079 0 -1 4194304 53221 12 3 0 1234 566 7 8 20 0 33 0 104021 2490368000 35000 0";

        ProcessStat stat = ProcessStat.parse(line);

        assertThat(stat.ownTicks()).isEqualTo(1800);
        assertThat(stat.reapedTicks()).isEqualTo(15);
        assertThat(stat.seconds()).isEqualTo(18.15);
    }

    @Test
    void aNameMayHoldSpacesAndParentheses() {
        String line = "1 (a (b) c) R 0 1 1 0 -1 4194304 1 2 3 4 100 200 0 0 20 0 1 0 1 1 1 1";

        assertThat(ProcessStat.parse(line).seconds()).isEqualTo(3.0);
    }
}
