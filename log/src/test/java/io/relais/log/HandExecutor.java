// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** Runs tasks when the test says so, on the test's thread. */
public final class HandExecutor implements Executor {
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs the oldest task. */
    public boolean runOne() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    /** Runs all tasks, and those they add. */
    public void runAll() {
        while (runOne()) {
            // the next one
        }
    }

    /** Forgets what waits, as a process that is killed does. */
    public void clear() {
        tasks.clear();
    }
}
