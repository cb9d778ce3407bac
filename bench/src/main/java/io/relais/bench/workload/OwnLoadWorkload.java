// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.workload;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

import io.relais.bench.brokers.RunningBroker;
import io.relais.bench.load.LoadProcess;
import io.relais.bench.load.OwnLoad;
import io.relais.bench.process.Memory;
import io.relais.bench.report.Figure;
import io.relais.bench.report.Measured;

/**
 * One of our own load programs, where PerfTest cannot do or tell what is wanted.
 *
 * @param program class with a {@code main}
 * @param leadSeconds not measured even when cold
 * @param arguments after the URI, by seconds of lead and seconds to measure
 * @param leftovers deleted before and after
 */
record OwnLoadWorkload(String name, String description, Class<?> program, int leadSeconds,
        BiFunction<Integer, Integer, List<String>> arguments, Leftovers leftovers) implements Workload.OnRunning {

    @Override
    public List<Measured> run(RunningBroker broker, Settings settings) throws IOException, InterruptedException {
        leftovers.delete(broker.endpoint());
        broker.awaitQuiet();
        Memory before = broker.tree().memory();
        int lead = leadSeconds + settings.warmSeconds();
        OwnLoad load = new OwnLoad(broker.tree());
        Path log = settings.log(name, broker.name());
        List<String> command = new ArrayList<>(List.of(broker.endpoint().uri()));
        command.addAll(arguments.apply(lead, settings.seconds()));
        LoadProcess.run(settings.client().own(program, command), log,
                Duration.ofSeconds(lead + settings.seconds() + 180L),
                load);
        Memory after = broker.tree().memory();
        leftovers.delete(broker.endpoint());
        Map<Figure, Double> figures = LoadFigures.of(load.load(), log, before, after);
        figures.putAll(load.figures());
        return List.of(new Measured(name, figures, Optional.of(log)));
    }
}
