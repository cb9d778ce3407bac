// SPDX-License-Identifier: Apache-2.0
package io.relais.log.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * Two threads that write and sync retained logs: the one that wrote a round goes on and syncs it, if nobody syncs yet, and the other one writes what came meanwhile. So an append that is alone is durable
 * without a change of threads in between.
 *
 * <p>Thread: any.
 */
public final class WriteThenSync {
    /** Of a thread that writes: what comes after its round. */
    private static final ThreadLocal<@Nullable Deque<Runnable>> NEXT = new ThreadLocal<>();

    private final Executor threads;

    /** @param threads two of them */
    public WriteThenSync(Executor threads) {
        this.threads = threads;
    }

    /** Where rounds of writes run. */
    public Executor writing() {
        return write -> threads.execute(() -> run(write));
    }

    private void run(Runnable write) {
        Deque<Runnable> syncs = new ArrayDeque<>(1);
        NEXT.set(syncs);
        try {
            write.run();
        } finally {
            NEXT.remove();
        }
        syncs.forEach(Runnable::run);
    }

    /** Where rounds of syncs run. */
    public Executor syncing() {
        return sync -> {
            Deque<Runnable> afterWrite = NEXT.get();
            if (afterWrite == null) {
                threads.execute(sync);
            } else {
                afterWrite.add(sync);
            }
        };
    }
}
