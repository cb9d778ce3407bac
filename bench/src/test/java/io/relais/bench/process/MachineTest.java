// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {

    @Test
    void idleWaitingAndStolenTimeIsNotBusy() {
        Machine.Busy busy = Machine.Busy.parse("cpu  100 20 300 40000 5000 6 70 800 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\n");

        assertThat(busy.seconds()).isEqualTo(4.96);
        assertThat(busy.stolenSeconds()).isEqualTo(8.0);
    }
}
