// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.brokers;

import java.time.Duration;

import io.relais.bench.process.ProcessTree;

/**
 * A broker that serves clients.
 *
 * @param name as the report calls it
 * @param tree its process and what that started
 */
public record RunningBroker(String name, Endpoint endpoint, ProcessTree tree) {
    private static final double QUIET_SHARE = 0.03;
    private static final int QUIET_WAIT_S = 20;

    /** Waits until the broker uses less than 3 % of a core for a second, so that what it still does from before is not measured; at most 20 s. */
    public void awaitQuiet() throws InterruptedException {
        double before = tree.cpuSeconds();
        for (int second = 0; second < QUIET_WAIT_S; second++) {
            Thread.sleep(Duration.ofSeconds(1));
            double now = tree.cpuSeconds();
            if (now - before < QUIET_SHARE) {
                return;
            }
            before = now;
        }
    }
}
