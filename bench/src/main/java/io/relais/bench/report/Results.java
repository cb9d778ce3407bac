// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.ObjectMapper;

/**
 * The folder of one call: {@code runs.jsonl} (a line per measurement, written at once, so that an interrupted call loses nothing), {@code summary.md}, and the
 * logs of load tools and brokers.
 */
public final class Results {
    private final Path folder;
    private final List<Run> runs = new ArrayList<>();
    private final ObjectMapper json = new ObjectMapper();

    public Results(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    public Path folder() {
        return folder;
    }

    public void add(Run run) throws IOException {
        runs.add(run);
        Files.writeString(folder.resolve("runs.jsonl"), json.writeValueAsString(run.line()) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** Writes the summary below {@code head}, and returns it. */
    public String summarize(String head) throws IOException {
        String text = head + "\n" + new Table(runs).markdown();
        Files.writeString(folder.resolve("summary.md"), text);
        return text;
    }
}
