// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

    @Test
    void everyRunIsALineOfJsonAsSoonAsItIsThere(@TempDir Path folder) throws IOException {
        Results results = new Results(folder.resolve("new"));
        Measured measured = new Measured("durable-1k", Map.of(Figure.RECEIVED, 12345.678901234),
                Optional.of(Path.of("logs", "a.log")));

        results.add(new Run(measured, "relais", 2, true, Instant.EPOCH));

        assertThat(folder.resolve("new/runs.jsonl")).hasContent("""
                {"workload":"durable-1k","broker":"relais","repetition":2,"warm":true,"disturbed":false,\
                "ended_at":"1970-01-01T00:00:00Z","log":"a.log","received_per_s":12345.678901}
                """);
    }
}
