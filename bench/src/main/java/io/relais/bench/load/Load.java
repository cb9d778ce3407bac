// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.load;

import io.relais.bench.process.Snapshot;

/**
 * What a load tool did, and what that cost.
 *
 * @param seconds by the load tool's clock; {@code window} by ours
 * @param sent messages published
 * @param received messages delivered
 */
public record Load(Snapshot.Window window, double seconds, double sent, double received) {

    public double sentPerSecond() {
        return sent / seconds;
    }

    public double receivedPerSecond() {
        return received / seconds;
    }

    /** Deliveries where there were any, else publishes: what CPU is divided by. */
    public double messages() {
        return received > 0 ? received : sent;
    }
}
