// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.workload;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.relais.bench.brokers.RunningBroker;
import io.relais.bench.load.LoadProcess;
import io.relais.bench.load.TimedLoad;
import io.relais.bench.process.Memory;
import io.relais.bench.report.Measured;

/**
 * PerfTest for a time.
 *
 * @param arguments PerfTest's own, but for address and duration
 * @param leftovers deleted before and after
 * @param leadSeconds not measured even when cold: for what has to be set up first
 */
record PerfTestWorkload(String name, String description, List<String> arguments, Leftovers leftovers, int leadSeconds)
        implements
            Workload.OnRunning {

    @Override
    public List<Measured> run(RunningBroker broker, Settings settings) throws IOException, InterruptedException {
        leftovers.delete(broker.endpoint());
        broker.awaitQuiet();
        Memory before = broker.tree().memory();
        TimedLoad load = new TimedLoad(broker.tree(), leadSeconds + settings.warmSeconds(), settings.seconds());
        Path log = settings.log(name, broker.name());
        PerfTest.run(settings, broker, timed(settings), log, Duration.ofSeconds(seconds(settings) + 120), load);
        Memory after = broker.tree().memory();
        leftovers.delete(broker.endpoint());
        return List.of(new Measured(name, LoadFigures.of(load.load(), log, before, after), Optional.of(log)));
    }

    /** The same load, for as long as settings say a warm-up takes, without measuring. */
    void warmUp(RunningBroker broker, Settings settings) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(arguments);
        command.addAll(List.of("-z", Integer.toString(settings.warmSeconds())));
        LoadProcess.Watcher nobody = (_, _) -> {};
        PerfTest.run(settings, broker, command, settings.log(name + "-warm-up", broker.name()),
                Duration.ofSeconds(settings.warmSeconds() + 120), nobody);
        leftovers.delete(broker.endpoint());
    }

    /** A second more than is measured, so that the last sample is surely printed. */
    private List<String> timed(Settings settings) {
        List<String> command = new ArrayList<>(arguments);
        command.addAll(List.of("-z", Integer.toString(seconds(settings))));
        return command;
    }

    private int seconds(Settings settings) {
        return leadSeconds + settings.warmSeconds() + settings.seconds() + 1;
    }
}
