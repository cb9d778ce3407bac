// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.runtime;

/** The one thread that may touch the broker's state. Others send it a task. */
public interface Owner {

    Clock clock();

    boolean isCurrent();

    /** Runs a task on the owner thread: at the end of the current round of work, after the input that arrived with it. From any thread. */
    void execute(Runnable task);

    /** Runs a task on the owner thread after a delay. From the owner thread. */
    Timer schedule(long delayMs, Runnable task);

    /** A scheduled task. */
    interface Timer {
        void cancel();
    }

    default void assertCurrent() {
        if (!isCurrent()) {
            throw new IllegalStateException("not on the owner thread but on " + Thread.currentThread().getName());
        }
    }
}
