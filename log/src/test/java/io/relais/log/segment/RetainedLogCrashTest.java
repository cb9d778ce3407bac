// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.relais.log.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a retained log on a disk that fails, against a map of its batches. Whatever happens: everything reported durable that was not trimmed is there, once, in order, byte for byte; nothing
 * else is, but what was appended after it; a rewrite happened as a whole or not at all; what decay took is named.
 */
class RetainedLogCrashTest {
    private static final int HISTORIES = Integer.getInteger("histories", 1000);

    @Test
    void aLogKeepsWhatItReportedDurable() {
        Seeds.each(HISTORIES, seed -> new RetainedLogHistory(seed, false).run());
    }

    @Test
    void theCheckerCatchesADiskWhoseSyncDoesNothing() {
        assertThatThrownBy(() -> {
            for (long seed = 1; seed <= 200; seed++) {
                new RetainedLogHistory(seed, true).run();
            }
        }).isInstanceOf(AssertionError.class);
    }
}
