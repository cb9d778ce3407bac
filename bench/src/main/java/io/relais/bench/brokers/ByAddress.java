// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.brokers;

import java.util.Optional;

import io.relais.bench.process.Listener;
import io.relais.bench.process.ProcessTree;

/** A broker that somebody else started on this machine. */
public final class ByAddress {
    private ByAddress() {}

    /** @throws IllegalArgumentException if no process is given and none is seen listening there */
    public static RunningBroker of(String name, Endpoint endpoint, Optional<Long> pid) {
        long process = pid.or(() -> Listener.pid(endpoint.port())).orElseThrow(() -> new IllegalArgumentException(
                "no process seen that listens on port " + endpoint.port()
                        + ": give --pid, or run as the broker's user"));
        return new RunningBroker(name, endpoint, ProcessTree.of(process));
    }
}
