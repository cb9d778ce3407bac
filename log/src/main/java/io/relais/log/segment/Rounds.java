// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Work for many logs, done in rounds on one thread at a time: while a round runs the next one gathers. Each log has its turn in each round, so that none waits for another for ever.
 *
 * <p>Thread: any adds. Bounds: whoever adds adds each log once.
 */
final class Rounds<L> {

    /** Does one round. The list is valid during the call. */
    interface Work<L> {
        void run(List<L> logs);
    }

    private final Executor executor;
    private final Work<L> work;
    private final Queue<L> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final List<L> round = new ArrayList<>();
    private final Runnable task = this::run;

    Rounds(Executor executor, Work<L> work) {
        this.executor = executor;
        this.work = work;
    }

    void add(L log) {
        waiting.add(log);
        if (count.getAndIncrement() == 0) {
            executor.execute(task);
        }
    }

    private void run() {
        int done = count.get(); // not what waits: one that is not counted yet would let a second round begin beside this one
        for (int i = 0; i < done; i++) {
            round.add(Objects.requireNonNull(waiting.poll()));
        }
        try {
            work.run(round);
        } finally {
            round.clear();
        }
        if (count.addAndGet(-done) != 0) {
            executor.execute(task); // on another thread, where this one goes on with what the round asked for
        }
    }
}
