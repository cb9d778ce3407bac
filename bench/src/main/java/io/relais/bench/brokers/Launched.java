// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.brokers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.relais.bench.process.OnInterrupt;
import io.relais.bench.process.ProcessTree;

/**
 * A broker that this program started and stops again: on {@link #close}, and when the program is interrupted.
 *
 * @param startedNs {@link System#nanoTime} just before the exec
 * @param log where its output went
 * @param afterStop ends what the broker leaves running on purpose
 * @param interrupted stops it when this program is interrupted
 */
public record Launched(String name, Process process, Endpoint endpoint, long startedNs, Path log, Runnable afterStop,
        OnInterrupt interrupted)
        implements
            AutoCloseable {
    private static final Duration SERVED_WITHIN = Duration.ofMinutes(3);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(60);

    static Launched of(String name, Process process, Endpoint endpoint, long startedNs, Path log, Runnable afterStop) {
        return new Launched(name, process, endpoint, startedNs, log, afterStop,
                new OnInterrupt("stop-" + name, () -> stop(process, afterStop)));
    }

    /** Waits until a client was really served. @return seconds from the exec to there */
    public double awaitServed() throws IOException, InterruptedException {
        FirstClient client = new FirstClient(endpoint);
        while (!client.served()) {
            if (!process.isAlive()) {
                throw new IOException(name + " ended with status " + process.exitValue() + ", see " + log);
            }
            if (System.nanoTime() - startedNs > SERVED_WITHIN.toNanos()) {
                throw new IOException(name + " served nobody within " + SERVED_WITHIN.toSeconds() + " s, see " + log);
            }
            Thread.sleep(Duration.ofMillis(2));
        }
        return (System.nanoTime() - startedNs) / 1e9;
    }

    public RunningBroker running() {
        return new RunningBroker(name, endpoint, ProcessTree.of(process.pid()));
    }

    /** Asks it to stop, as a service manager would, waits, and kills what is still there after a minute. */
    @Override
    public void close() {
        interrupted.close();
        stop(process, afterStop);
    }

    private static void stop(Process process, Runnable afterStop) {
        if (!process.isAlive()) {
            afterStop.run();
            return;
        }
        ProcessTree tree = ProcessTree.of(process.pid());
        var members = tree.processes();
        tree.largest().destroy();
        try {
            process.onExit().get(STOPPED_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException stuck) {
            members.forEach(ProcessHandle::destroyForcibly);
        } catch (InterruptedException impatient) {
            members.forEach(ProcessHandle::destroyForcibly);
            Thread.currentThread().interrupt();
        } finally {
            afterStop.run();
        }
    }
}
