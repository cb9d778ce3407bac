// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.util.ArrayDeque;
import java.util.Deque;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been opened, to be closed in the opposite order: when the server stops, or when its start fails halfway. Thread: one at a time. */
final class Closing {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    /** Closes one thing. */
    interface Step {
        void close() throws Exception;
    }

    private record Named(String what, Step step) {}

    private final Deque<Named> steps = new ArrayDeque<>();

    void add(String what, Step step) {
        steps.push(new Named(what, step));
    }

    /** Closes everything, whatever fails. Does nothing a second time. */
    void closeAll() {
        for (Named each = steps.poll(); each != null; each = steps.poll()) {
            try {
                each.step().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                LOG.warn("interrupted while closing the {}", each.what());
            } catch (Exception e) { // the rest must be closed all the same
                LOG.error("closing the {} failed", each.what(), e);
            }
        }
    }
}
