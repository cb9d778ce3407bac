// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.load;

import java.util.Optional;

import io.relais.bench.process.ProcessTree;
import io.relais.bench.process.Snapshot;
import org.jspecify.annotations.Nullable;

/** Watches a PerfTest that sends or receives a fixed number of messages, and measures from its first start to its stop. */
public final class CountedLoad implements LoadProcess.Watcher {
    private final ProcessTree broker;
    private final long sent;
    private final long received;

    private @Nullable Snapshot begin;
    private @Nullable Snapshot end;

    public CountedLoad(ProcessTree broker, long sent, long received) {
        this.broker = broker;
        this.sent = sent;
        this.received = received;
    }

    @Override
    public void line(String line, ProcessTree client) {
        switch (PerfTestLine.parse(line)) {
            case PerfTestLine.Starting _ when begin == null -> {
                broker.resetPeak();
                begin = Snapshot.take(broker, client);
            }
            case PerfTestLine.Stopped _ -> end = Snapshot.take(broker, client);
            case PerfTestLine.Starting _,PerfTestLine.Sample _,PerfTestLine.Other _ -> {
            }
        }
    }

    /** What was measured; empty where the tool never stopped by itself. */
    public Optional<Load> load() {
        if (begin == null || end == null) {
            return Optional.empty();
        }
        Snapshot.Window window = begin.until(end);
        return Optional.of(new Load(window, window.wallSeconds(), sent, received));
    }
}
