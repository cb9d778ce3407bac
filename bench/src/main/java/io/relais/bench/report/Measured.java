// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.report;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The figures of one phase of one run.
 *
 * @param name of the workload, with the phase where it has several: {@code backlog-fill}
 * @param log output of the load tool, where it is a program of its own
 */
public record Measured(String name, Map<Figure, Double> figures, Optional<Path> log) {
    /** CPU of others, as a share of a core, above which a run counts as disturbed. */
    static final double DISTURBED = 0.25;

    public Measured {
        figures = new EnumMap<>(figures);
    }

    boolean disturbed() {
        return figures.getOrDefault(Figure.OTHERS, 0.0) > DISTURBED;
    }
}
