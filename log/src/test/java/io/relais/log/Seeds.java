// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/** Seeds of random tests: fresh ones, or the one given by {@code -Dseed=N}. */
public final class Seeds {
    private Seeds() {}

    /** Runs {@code history} with many seeds; a failure tells the seed. */
    public static void each(int histories, LongConsumer history) {
        Long given = Long.getLong("seed");
        long first = given != null ? given : RandomGenerator.getDefault().nextLong(1L << 40);
        for (long seed = first; seed < first + (given != null ? 1 : histories); seed++) {
            try {
                history.accept(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("run again with -Dseed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
