// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.load;

import java.util.concurrent.locks.LockSupport;

/**
 * A schedule that does not wait for the broker: message {@code i}, from 1, is due at {@code start + i × interval}, however late the ones before it were.
 * Latency is counted from when a message was due. So a broker that stalls is charged for every message that should have been sent meanwhile, and not only
 * for the one that was held up (coordinated omission).
 *
 * @param startNs {@link System#nanoTime} at which message 0 would be due
 * @param intervalNs between two messages
 */
record OpenLoop(long startNs, long intervalNs) {

    static OpenLoop startingIn(long delayNs, int perSecond) {
        return new OpenLoop(System.nanoTime() + delayNs, 1_000_000_000L / perSecond);
    }

    long dueNs(long message) {
        return startNs + message * intervalNs;
    }

    /** Returns once the message is due; at once if that has passed. */
    void await(long message) {
        long waitNs;
        while ((waitNs = dueNs(message) - System.nanoTime()) > 0) {
            LockSupport.parkNanos(waitNs);
        }
    }
}
