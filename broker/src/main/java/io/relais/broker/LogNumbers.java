// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

/**
 * Numbers for the logs of queues, none ever given twice in the life of a data folder: how often the broker was started in the upper 32 bits, a counter in the lower.
 *
 * <p>Thread: the owner.
 */
final class LogNumbers {
    private final long base;
    private int last;

    LogNumbers(long epoch) {
        if (epoch <= 0 || epoch > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("epoch out of range: " + epoch);
        }
        this.base = epoch << 32;
    }

    long next() {
        last = Math.incrementExact(last);
        return base | last;
    }
}
