// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.runtime;

/** The only source of time. */
public interface Clock {

    /** Milliseconds since the epoch, for what is stored and shown. May jump. */
    long nowMs();

    /** Nanoseconds of a clock that never goes back, for durations. */
    long nowNs();
}
