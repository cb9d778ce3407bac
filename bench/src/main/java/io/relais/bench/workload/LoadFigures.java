// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.workload;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

import io.relais.bench.load.Load;
import io.relais.bench.process.Memory;
import io.relais.bench.report.Figure;

/** The figures that every load has. */
final class LoadFigures {
    private static final double MILLION = 1e6;

    private LoadFigures() {}

    /**
     * @param measured empty if the load tool did not print enough, which its {@code log} may explain
     * @param before memory before the load
     * @param after memory right after it; its peak is that of the measured time
     */
    static Map<Figure, Double> of(Optional<Load> measured, Path log, Memory before, Memory after) throws IOException {
        Load load = measured
                .orElseThrow(() -> new IOException("the load tool printed too little to measure, see " + log));
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        if (load.sent() > 0) {
            figures.put(Figure.SENT, load.sentPerSecond());
        }
        if (load.received() > 0) {
            figures.put(Figure.RECEIVED, load.receivedPerSecond());
        }
        if (load.messages() > 0) {
            figures.put(Figure.BROKER_CPU, load.window().brokerSeconds() / load.messages() * MILLION);
            figures.put(Figure.CLIENT_CPU, load.window().clientSeconds() / load.messages() * MILLION);
        }
        figures.put(Figure.MEMORY_BEFORE, before.residentMb());
        figures.put(Figure.MEMORY_PEAK, after.peakMb());
        figures.put(Figure.MEMORY_AFTER, after.residentMb());
        figures.put(Figure.OTHERS, load.window().othersShare());
        return figures;
    }
}
