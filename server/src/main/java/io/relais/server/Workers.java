// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.relais.log.local.WriteThenSync;

/**
 * Threads for what blocks, so that the owner never does. Idle ones end, but the journal's.
 *
 * <p>Bounds: the number of threads of each; what waits for them is bounded by those who ask (bytes in flight, one answer at a time for a connection).
 */
final class Workers {
    private static final int IO_THREADS = 3;
    private static final int HASHING_THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor journal = threads("relais-journal", 1, Long.MAX_VALUE);
    private final ThreadPoolExecutor retained = threads("relais-retained", 2, IDLE_SECONDS);
    private final WriteThenSync retainedRounds = new WriteThenSync(retained);
    private final ThreadPoolExecutor io = threads("relais-io", IO_THREADS, IDLE_SECONDS);
    private final ThreadPoolExecutor metadata = threads("relais-metadata", 1, IDLE_SECONDS);
    private final ThreadPoolExecutor hashing = threads("relais-hashing", HASHING_THREADS, IDLE_SECONDS);

    private static ThreadPoolExecutor threads(String name, int count, long idleSeconds) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(count, count, idleSeconds, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), new DefaultThreadFactory(name, true));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Writes and syncs the journal. */
    Executor journal() {
        return journal;
    }

    /** Writes retained logs. */
    Executor writing() {
        return retainedRounds.writing();
    }

    /** Syncs retained logs. */
    Executor syncing() {
        return retainedRounds.syncing();
    }

    /** Reads back, copies, opens. */
    Executor io() {
        return io;
    }

    /** Commits metadata. */
    Executor metadata() {
        return metadata;
    }

    /** Derives keys from passwords. */
    Executor hashing() {
        return hashing;
    }

    /** Lets what was begun come to its end, and waits for it at most so long for each kind. */
    void close(Duration timeout) throws InterruptedException {
        for (ThreadPoolExecutor each : new ThreadPoolExecutor[]{hashing, io, retained, journal, metadata}) {
            each.shutdown();
        }
        for (ThreadPoolExecutor each : new ThreadPoolExecutor[]{hashing, io, retained, journal, metadata}) {
            each.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
