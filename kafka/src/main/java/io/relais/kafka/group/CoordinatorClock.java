// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.relais.broker.runtime.Clock;
import org.apache.kafka.common.utils.Time;

/** The broker's clock, as Kafka's coordinator reads time. */
record CoordinatorClock(Clock clock) implements Time {

    @Override
    public long milliseconds() {
        return clock.nowMs();
    }

    @Override
    public long hiResClockMs() {
        return TimeUnit.NANOSECONDS.toMillis(clock.nowNs());
    }

    @Override
    public long nanoseconds() {
        return clock.nowNs();
    }

    @Override
    public void sleep(long ms) {
        throw new UnsupportedOperationException("the coordinator waits by timers");
    }

    @Override
    public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) {
        throw new UnsupportedOperationException("the coordinator waits by timers");
    }
}
