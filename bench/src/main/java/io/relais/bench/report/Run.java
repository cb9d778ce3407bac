// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.report;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One measurement, with what must be known to judge it.
 *
 * @param broker as its launcher names it
 * @param repetition from 1
 * @param warm whether broker and client had this load before what was measured
 */
public record Run(Measured measured, String broker, int repetition, boolean warm, Instant endedAt) {

    String workload() {
        return measured.name();
    }

    /** The raw line, flat: names first, then the figures by their keys. */
    Map<String, Object> line() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("workload", workload());
        line.put("broker", broker);
        line.put("repetition", repetition);
        line.put("warm", warm);
        line.put("disturbed", measured.disturbed());
        line.put("ended_at", endedAt.toString());
        measured.log().ifPresent(log -> line.put("log", String.valueOf(log.getFileName())));
        measured.figures().forEach((figure, value) -> line.put(figure.key(), Math.round(value * 1e6) / 1e6));
        return line;
    }
}
