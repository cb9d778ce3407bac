// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.relais.log.disk.SimulatedDisk;
import org.junit.jupiter.api.Test;

/**
 * Whatever is published, delivered, acknowledged and returned, and whenever the power fails: what was confirmed and not acknowledged is there, once, in order, unharmed; nothing else is.
 *
 * <p>{@code -Dseed=N} runs one history again; {@code -Dhistories=N} runs more.
 */
class CrashHistoryTest {

    @Test
    void everyHistoryKeepsWhatWasConfirmed() {
        Long only = Long.getLong("seed");
        if (only != null) {
            run(only);
            return;
        }
        int histories = Integer.getInteger("histories", 1500);
        long first = System.nanoTime();
        for (int i = 0; i < histories; i++) {
            long seed = first + i;
            assertThatCode(() -> run(seed)).as("history -Dseed=%d", seed).doesNotThrowAnyException();
        }
    }

    private static void run(long seed) {
        new History(seed, new SimulatedDisk(seed)).run(300);
    }
}
