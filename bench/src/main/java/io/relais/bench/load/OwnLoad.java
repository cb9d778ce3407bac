// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.load;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

import io.relais.bench.process.ProcessTree;
import io.relais.bench.process.Snapshot;
import io.relais.bench.report.Figure;
import org.jspecify.annotations.Nullable;

/**
 * Watches one of our own load programs. They print {@code begin} and {@code end SENT RECEIVED SECONDS} around what is measured, and {@code figure KEY VALUE}.
 */
public final class OwnLoad implements LoadProcess.Watcher {
    static final String BEGIN = "begin";
    static final String END = "end";
    static final String FIGURE = "figure";

    private final ProcessTree broker;
    private final Map<Figure, Double> figures = new EnumMap<>(Figure.class);

    private @Nullable Snapshot begin;
    private @Nullable Load load;

    public OwnLoad(ProcessTree broker) {
        this.broker = broker;
    }

    @Override
    public void line(String line, ProcessTree client) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case BEGIN -> {
                broker.resetPeak();
                begin = Snapshot.take(broker, client);
            }
            case END -> {
                if (begin != null) {
                    load = new Load(begin.until(Snapshot.take(broker, client)), Double.parseDouble(words[3]),
                            Double.parseDouble(words[1]), Double.parseDouble(words[2]));
                }
            }
            case FIGURE -> figures.put(Figure.valueOf(words[1]), Double.parseDouble(words[2]));
            default -> {
            }
        }
    }

    public Optional<Load> load() {
        return Optional.ofNullable(load);
    }

    /** Those that the program measured itself. */
    public Map<Figure, Double> figures() {
        return figures;
    }
}
