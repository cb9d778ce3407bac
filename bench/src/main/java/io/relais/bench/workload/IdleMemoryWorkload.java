// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.workload;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.relais.bench.brokers.Launched;
import io.relais.bench.brokers.Launcher;
import io.relais.bench.report.Figure;
import io.relais.bench.report.Measured;

/** Memory of a broker that has served one client and then nobody for 10 s, three times. */
record IdleMemoryWorkload(String name, String description) implements Workload.OnLauncher {
    private static final int STARTS = 3;
    private static final Duration IDLE = Duration.ofSeconds(10);

    @Override
    public List<Measured> run(Launcher launcher, Path folder, Settings settings)
            throws IOException, InterruptedException {
        List<Measured> all = new ArrayList<>();
        for (int i = 1; i <= STARTS; i++) {
            all.add(new Measured(name, Map.of(Figure.MEMORY_AFTER, idle(launcher, folder.resolve("empty-" + i))),
                    Optional.empty()));
        }
        return all;
    }

    private static double idle(Launcher launcher, Path folder) throws IOException, InterruptedException {
        try (Launched broker = launcher.launch(folder)) {
            broker.awaitServed();
            Thread.sleep(IDLE);
            return broker.running().tree().memory().residentMb();
        }
    }
}
