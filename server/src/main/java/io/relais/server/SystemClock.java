// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import io.relais.broker.runtime.Clock;

/** The clock of the machine. The one place that reads it. */
public final class SystemClock implements Clock {

    @Override
    public long nowMs() {
        return System.currentTimeMillis();
    }

    @Override
    public long nowNs() {
        return System.nanoTime();
    }
}
