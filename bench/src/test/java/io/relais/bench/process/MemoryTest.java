// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryTest {

    @Test
    void isWhatIsResidentNowAndWasAtMost() {
        Memory memory = Memory
                .parse("Name:\tjava\nVmPeak:\t 9999999 kB\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\nThreads:\t12\n");

        assertThat(memory.residentMb()).isEqualTo(100);
        assertThat(memory.peakMb()).isEqualTo(200);
    }

    @Test
    void isZeroForAProcessThatEndedAndWasNotWaitedFor() {
        assertThat(Memory.parse("Name:\tjava\nState:\tZ (zombie)\n")).isEqualTo(new Memory(0, 0));
    }
}
