// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.load;

import java.util.Optional;

import io.relais.bench.process.ProcessTree;
import io.relais.bench.process.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Watches a PerfTest that runs for a time, and measures from {@code leadSeconds} on for {@code seconds}: messages and CPU over the very same samples.
 *
 * <p>With a lead of zero, all from the first producer's or consumer's start counts.
 */
public final class TimedLoad implements LoadProcess.Watcher {
    private final ProcessTree broker;
    private final double leadSeconds;
    private final double seconds;

    private @Nullable Snapshot begin;
    private @Nullable Snapshot end;
    private double beganAt;
    private double lastAt;
    private double sent;
    private double received;

    public TimedLoad(ProcessTree broker, double leadSeconds, double seconds) {
        this.broker = broker;
        this.leadSeconds = leadSeconds;
        this.seconds = seconds;
    }

    @Override
    public void line(String line, ProcessTree client) {
        switch (PerfTestLine.parse(line)) {
            case PerfTestLine.Starting _ when leadSeconds == 0 && begin == null -> begin(0, client);
            case PerfTestLine.Sample sample -> sample(sample, client);
            case PerfTestLine.Starting _,PerfTestLine.Stopped _,PerfTestLine.Other _ -> {
            }
        }
    }

    private void sample(PerfTestLine.Sample sample, ProcessTree client) {
        if (begin == null) {
            if (sample.atSeconds() >= leadSeconds) {
                begin(sample.atSeconds(), client);
            }
        } else if (lastAt - beganAt < seconds) {
            double interval = sample.atSeconds() - lastAt;
            sent += sample.sentPerSecond() * interval;
            received += sample.receivedPerSecond() * interval;
            lastAt = sample.atSeconds();
            end = Snapshot.take(broker, client);
        }
    }

    private void begin(double atSeconds, ProcessTree client) {
        broker.resetPeak();
        begin = Snapshot.take(broker, client);
        beganAt = atSeconds;
        lastAt = atSeconds;
    }

    /** What was measured; empty where the tool printed too few samples. */
    public Optional<Load> load() {
        return begin == null || end == null
                ? Optional.empty()
                : Optional.of(new Load(begin.until(end), lastAt - beganAt, sent, received));
    }
}
