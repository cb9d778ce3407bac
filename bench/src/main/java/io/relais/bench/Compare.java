// SPDX-License-Identifier: Apache-2.0
package io.relais.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import io.relais.bench.brokers.Launched;
import io.relais.bench.brokers.Launcher;
import io.relais.bench.brokers.RabbitMqLauncher;
import io.relais.bench.brokers.RelaisLauncher;
import io.relais.bench.process.Machine;
import io.relais.bench.report.Measured;
import io.relais.bench.report.Results;
import io.relais.bench.report.Run;
import io.relais.bench.workload.Workload;
import io.relais.bench.workload.Workloads;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Runs Relais and RabbitMQ in turn (A B A B) under the same loads. Every repetition has a fresh process on an empty data folder.
 */
@Command(name = "compare", mixinStandardHelpOptions = true, description = "Measures Relais and RabbitMQ in turn.")
final class Compare implements Callable<Integer> {
    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(names = "--brokers", split = ",", defaultValue = "relais,rabbitmq", description = "Which, in this order (${DEFAULT-VALUE}).")
    List<String> brokers = List.of();

    @Option(names = "--relais", description = "The launcher to start (./relais of this project).")
    Path relais = Path.of(System.getProperty("bench.home", "bench"), "..", "relais");

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Setting of Relais that differs from what it ships with.")
    List<String> settings = List.of();

    @Option(names = "--plugins", defaultValue = "rabbitmq_management,rabbitmq_stream", description = "Plug-ins of RabbitMQ; '' for none (${DEFAULT-VALUE}).")
    String plugins = "";

    @Option(names = "--data", description = "Parent of the brokers' data folders, which are deleted at the end of each repetition, if it is not interrupted (bench/target/data).")
    Path data = Path.of(System.getProperty("bench.home", "bench"), "target", "data");

    @Override
    public Integer call() throws Exception {
        if (common.list) {
            System.out.println(Workloads.help());
            return 0;
        }
        List<Launcher> launchers = new ArrayList<>();
        for (String broker : brokers) {
            launchers.add(launcher(broker));
        }
        Results results = common.results();
        Files.createDirectories(data);
        String head = "%s.\n%s; %d repetitions in turn, each on a fresh process and an empty folder.\n%s.\n".formatted(
                launchers.stream().map(Launcher::describe).collect(Collectors.joining(". ")), common.how(),
                common.repetitions,
                Machine.describe(data));
        for (Workload workload : common.workloads()) {
            compare(workload, launchers, results);
        }
        System.out.println(results.summarize(head));
        System.err.println("raw lines and logs: " + results.folder());
        return 0;
    }

    private Launcher launcher(String broker) {
        return switch (broker) {
            case "relais" -> new RelaisLauncher(relais.toAbsolutePath().normalize(), settings);
            case "rabbitmq" -> RabbitMqLauncher.installed(plugins);
            default -> throw new IllegalArgumentException("no broker '" + broker + "': relais or rabbitmq");
        };
    }

    private void compare(Workload workload, List<Launcher> launchers, Results results) throws Exception {
        int repetitions = workload instanceof Workload.OnLauncher
                ? Math.min(common.repetitions, 1)
                : common.repetitions;
        for (int repetition = 1; repetition <= repetitions; repetition++) {
            for (Launcher launcher : launchers) {
                System.err.println(workload.name() + " " + launcher.name() + " #" + repetition);
                for (Measured measured : run(workload, launcher)) {
                    results.add(new Run(measured, launcher.name(), repetition, common.warm, Instant.now()));
                }
            }
        }
    }

    private List<Measured> run(Workload workload, Launcher launcher) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(data.toAbsolutePath().normalize(), launcher.name() + "-");
        try {
            return switch (workload) {
                case Workload.OnLauncher onLauncher -> onLauncher.run(launcher, folder, common.settings());
                case Workload.OnRunning onRunning -> {
                    try (Launched broker = launcher.launch(folder)) {
                        broker.awaitServed();
                        yield onRunning.run(broker.running(), common.settings());
                    }
                }
            };
        } finally {
            DataFolder.delete(folder);
        }
    }
}
