// SPDX-License-Identifier: Apache-2.0
package io.relais.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;

import io.relais.bench.brokers.ByAddress;
import io.relais.bench.brokers.Endpoint;
import io.relais.bench.brokers.RunningBroker;
import io.relais.bench.process.Machine;
import io.relais.bench.report.Measured;
import io.relais.bench.report.Results;
import io.relais.bench.report.Run;
import io.relais.bench.workload.Workload;
import io.relais.bench.workload.Workloads;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a broker that runs already. Its data stays; the queues of the workloads are deleted. */
@Command(name = "measure", mixinStandardHelpOptions = true, description = "Measures a broker by its address.")
final class Measure implements Callable<Integer> {
    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(names = "--broker", paramLabel = "HOST:PORT", defaultValue = "127.0.0.1:5672", description = "(${DEFAULT-VALUE})")
    String address = "";

    @Option(names = "--login", paramLabel = "USER:PASSWORD", defaultValue = "guest:guest", description = "(${DEFAULT-VALUE})")
    String login = "";

    @Option(names = "--pid", description = "Its process; by default the one that listens on the port.")
    Optional<Long> pid = Optional.empty();

    @Option(names = "--name", defaultValue = "broker", description = "How the report calls it.")
    String name = "";

    @Override
    public Integer call() throws Exception {
        if (common.list) {
            System.out.println(Workloads.help());
            return 0;
        }
        RunningBroker broker = ByAddress.of(name, Endpoint.parse(address, login), pid);
        Results results = common.results();
        for (Workload workload : common.workloads()) {
            if (!(workload instanceof Workload.OnRunning onRunning)) {
                throw new IllegalArgumentException(workload.name() + " starts the broker itself: use bench/compare");
            }
            for (int repetition = 1; repetition <= common.repetitions; repetition++) {
                for (Measured measured : onRunning.run(broker, common.settings())) {
                    results.add(new Run(measured, name, repetition, common.warm, Instant.now()));
                }
            }
        }
        System.out.println(results.summarize("%s at %s, process %d: %s.\n%s.\n".formatted(name, address,
                broker.tree().root().pid(), common.how(), Machine.describe(Path.of(".")))));
        return 0;
    }
}
