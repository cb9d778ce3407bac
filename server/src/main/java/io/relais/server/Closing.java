// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

import io.relais.broker.runtime.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been opened, to be closed in the opposite order: when the server stops, or when its start fails halfway. Thread: one at a time. */
final class Closing {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    /** Closes one thing. */
    interface Step {
        /** Closes it; where that means to wait for others, for at most so long. */
        void close(Duration left) throws Exception;
    }

    private record Named(String what, Step step) {}

    private final Deque<Named> steps = new ArrayDeque<>();
    private final Clock clock;

    Closing(Clock clock) {
        this.clock = clock;
    }

    void add(String what, Step step) {
        steps.push(new Named(what, step));
    }

    /** Closes everything, whatever fails. Does nothing a second time. */
    void closeAll(Duration timeout) {
        long deadlineNs = clock.nowNs() + timeout.toNanos();
        for (Named each = steps.poll(); each != null; each = steps.poll()) {
            try {
                each.step().close(Duration.ofNanos(Math.max(0, deadlineNs - clock.nowNs())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                LOG.warn("interrupted while closing the {}", each.what());
            } catch (Exception e) { // the rest must be closed all the same
                LOG.error("closing the {} failed", each.what(), e);
            }
        }
    }
}
