// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.load;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.relais.bench.process.OnInterrupt;
import io.relais.bench.process.ProcessTree;

/** A load tool in a process of its own, so that its CPU can be told apart. Its lines go to a log and, as they come, to whoever measures. */
public final class LoadProcess {
    private LoadProcess() {}

    /** Looks at each line at the moment it is printed. */
    public interface Watcher {
        void line(String line, ProcessTree client);
    }

    /**
     * Runs the program to its end.
     *
     * @throws IOException if it fails, or is still there after {@code limit} (it is killed then)
     */
    public static void run(List<String> command, Path log, Duration limit, Watcher watcher)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null"))).start();
        try (OnInterrupt _ = new OnInterrupt("end-load", process::destroyForcibly);
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(LoadProcess::daemon);
                BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                PrintWriter copy = new PrintWriter(Files.newBufferedWriter(log))) {
            var kill = timer.schedule(process::destroyForcibly, limit.toMillis(), TimeUnit.MILLISECONDS);
            ProcessTree client = new ProcessTree(process.toHandle());
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                watcher.line(line, client);
                copy.println(line);
            }
            int status = process.waitFor();
            if (!kill.cancel(false)) {
                throw new IOException("load tool not done within " + limit.toSeconds() + " s, see " + log);
            }
            if (status != 0) {
                throw new IOException("load tool ended with status " + status + ", see " + log);
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "load-limit");
        thread.setDaemon(true);
        return thread;
    }
}
