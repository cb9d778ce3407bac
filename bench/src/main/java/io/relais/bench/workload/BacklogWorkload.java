// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.workload;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import io.relais.bench.brokers.RunningBroker;
import io.relais.bench.load.CountedLoad;
import io.relais.bench.process.Memory;
import io.relais.bench.report.Measured;

/**
 * Fills a durable queue with persistent 1 KB messages, then drains it. "Resident after" of the fill is the memory with all of them waiting.
 *
 * @param fixedMessages empty: as many as the settings say
 */
record BacklogWorkload(String name, String description, OptionalInt fixedMessages) implements Workload.OnRunning {
    static final String QUEUE = "relais-bench-backlog";

    /** A slower broker than 2,000 messages per second is not worth waiting for. */
    private static final int SLOWEST_PER_SECOND = 2_000;

    @Override
    public List<Measured> run(RunningBroker broker, Settings settings) throws IOException, InterruptedException {
        if (settings.warmSeconds() > 0) {
            Workloads.DURABLE_1K.warmUp(broker, settings);
        }
        int messages = fixedMessages.orElse(settings.messages());
        Leftovers.queue(QUEUE).delete(broker.endpoint());
        Measured fill = fill(broker, settings, messages);
        Measured drain = phase("-drain", broker, settings,
                List.of("-x", "0", "-y", "1", "-f", "persistent", "-ad", "false",
                        "-u", QUEUE, "-q", "500", "-A", "100", "-D", Integer.toString(messages)),
                0, messages);
        Leftovers.queue(QUEUE).delete(broker.endpoint());
        return List.of(fill, drain);
    }

    /** Also what the start workload begins with. */
    Measured fill(RunningBroker broker, Settings settings, int messages) throws IOException, InterruptedException {
        return phase("-fill", broker, settings,
                List.of("-x", "1", "-y", "0", "-f", "persistent", "-ad", "false", "-u", QUEUE,
                        "-c", "1000", "-s", "1024", "-C", Integer.toString(messages)),
                messages, 0);
    }

    private Measured phase(String phase, RunningBroker broker, Settings settings, List<String> arguments, int sent,
            int received) throws IOException, InterruptedException {
        broker.awaitQuiet();
        Memory before = broker.tree().memory();
        CountedLoad load = new CountedLoad(broker.tree(), sent, received);
        Path log = settings.log(name + phase, broker.name());
        PerfTest.run(settings, broker, arguments, log,
                Duration.ofSeconds(60 + (sent + received) / SLOWEST_PER_SECOND), load);
        Memory peak = broker.tree().memory();
        broker.awaitQuiet();
        Memory after = new Memory(broker.tree().memory().residentKb(), peak.peakKb());
        return new Measured(name + phase, LoadFigures.of(load.load(), log, before, after), Optional.of(log));
    }
}
