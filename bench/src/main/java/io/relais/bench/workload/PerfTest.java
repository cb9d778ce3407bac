// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.workload;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.relais.bench.brokers.RunningBroker;
import io.relais.bench.load.LoadProcess;

/** RabbitMQ's load tool. */
final class PerfTest {
    private PerfTest() {}

    static void run(Settings settings, RunningBroker broker, List<String> arguments, Path log, Duration limit,
            LoadProcess.Watcher watcher) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-h", broker.endpoint().uri()));
        all.addAll(arguments);
        LoadProcess.run(settings.client().perfTest(all), log, limit, watcher);
    }
}
