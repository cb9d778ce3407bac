// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.workload;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.relais.bench.brokers.Launched;
import io.relais.bench.brokers.Launcher;
import io.relais.bench.brokers.RunningBroker;
import io.relais.bench.process.ProcessTree;
import io.relais.bench.process.Snapshot;
import io.relais.bench.report.Figure;
import io.relais.bench.report.Measured;

/**
 * From the exec of the broker to the first client served (connected, declared, published, got it back): five times on an empty data folder, and five times on
 * one in which a clean stop left 1,000,000 persistent 1 KB messages. A start before all these is not counted: it loads files into the page cache, and
 * whatever a broker prepares at its first start ever.
 */
record StartWorkload(String name, String description) implements Workload.OnLauncher {
    private static final int STARTS = 5;

    @Override
    public List<Measured> run(Launcher launcher, Path folder, Settings settings)
            throws IOException, InterruptedException {
        start(launcher, folder.resolve("first"));
        List<Measured> all = new ArrayList<>();
        for (int i = 1; i <= STARTS; i++) {
            all.add(measured("-empty", start(launcher, folder.resolve("empty-" + i))));
        }
        Path full = folder.resolve("full");
        fill(launcher, full, settings);
        for (int i = 1; i <= STARTS; i++) {
            all.add(measured("-full", startFull(launcher, full, settings.messages())));
        }
        return all;
    }

    private static Map<Figure, Double> start(Launcher launcher, Path folder) throws IOException, InterruptedException {
        try (Launched broker = launcher.launch(folder)) {
            return served(broker);
        }
    }

    /** Waits for the first client, which is part of this process, as the broker is a child of it. */
    private static Map<Figure, Double> served(Launched broker) throws IOException, InterruptedException {
        ProcessTree both = new ProcessTree(ProcessHandle.current());
        Snapshot begin = Snapshot.take(both);
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.START, broker.awaitServed());
        figures.put(Figure.OTHERS, begin.until(Snapshot.take(both)).othersShare());
        return figures;
    }

    private void fill(Launcher launcher, Path folder, Settings settings) throws IOException, InterruptedException {
        try (Launched broker = launcher.launch(folder)) {
            broker.awaitServed();
            RunningBroker running = broker.running();
            new BacklogWorkload(name, description, OptionalInt.empty()).fill(running, settings, settings.messages());
        }
    }

    /** Counts the messages afterwards: a start that lost them would be no feat. */
    private static Map<Figure, Double> startFull(Launcher launcher, Path folder, int messages)
            throws IOException, InterruptedException {
        try (Launched broker = launcher.launch(folder)) {
            Map<Figure, Double> figures = served(broker);
            try (Connection connection = broker.endpoint().connectionFactory().newConnection();
                    Channel channel = connection.createChannel()) {
                long found = channel.queueDeclarePassive(BacklogWorkload.QUEUE).getMessageCount();
                if (found != messages) {
                    throw new IOException(
                            "%s has %d of %d messages after its restart".formatted(broker.name(), found, messages));
                }
            } catch (TimeoutException e) {
                throw new IOException("counting messages", e);
            }
            return figures;
        }
    }

    private Measured measured(String folder, Map<Figure, Double> figures) {
        return new Measured(name + folder, figures, Optional.empty());
    }
}
