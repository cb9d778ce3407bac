// SPDX-License-Identifier: Apache-2.0
package io.relais.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

import io.relais.bench.report.Results;
import io.relais.bench.workload.ClientJvm;
import io.relais.bench.workload.Settings;
import io.relais.bench.workload.Workload;
import io.relais.bench.workload.Workloads;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options that both commands have. */
final class CommonOptions {
    private static final DateTimeFormatter FOLDER = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Parameters(paramLabel = "WORKLOAD[,WORKLOAD...]", description = "What to measure; all names: --list.", arity = "0..1", defaultValue = "")
    String workloads = "";

    @Option(names = "--list", description = "Names the workloads and ends.")
    boolean list;

    @Option(names = "--seconds", defaultValue = "20", description = "Measured time of timed workloads (${DEFAULT-VALUE}).")
    int seconds;

    @Option(names = "--reps", defaultValue = "3", description = "Repetitions (${DEFAULT-VALUE}).")
    int repetitions;

    @Option(names = "--warm", description = "Give broker and client the same load first, unmeasured.")
    boolean warm;

    @Option(names = "--warm-seconds", defaultValue = "12", description = "How long --warm loads first (${DEFAULT-VALUE}).")
    int warmSeconds;

    @Option(names = "--messages", defaultValue = "1000000", description = "Depth for backlog and start (${DEFAULT-VALUE}).")
    int messages;

    @Option(names = "--connections", defaultValue = "1000", description = "For idle-connections (${DEFAULT-VALUE}).")
    int connections;

    @Option(names = "--results", description = "Folder for raw lines and logs (bench/results/TIME).")
    Path results = Path.of(System.getProperty("bench.home", "bench"), "results",
            FOLDER.format(LocalDateTime.now(ZoneId.systemDefault())));

    List<Workload> workloads() {
        return Workloads.named(workloads);
    }

    Settings settings() {
        return new Settings(seconds, warm ? warmSeconds : 0, messages, connections, results,
                new ClientJvm(Path.of(System.getProperty("bench.perftest", "bench/target/perftest"))));
    }

    Results results() throws IOException {
        return new Results(results);
    }

    String how() {
        return warm
                ? "warm: %d s of the same load first, on the same process".formatted(warmSeconds)
                : "cold: measured from a broker's and a client's first message";
    }
}
