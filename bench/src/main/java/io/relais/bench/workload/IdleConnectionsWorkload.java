// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.workload;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.relais.bench.brokers.RunningBroker;
import io.relais.bench.process.Memory;
import io.relais.bench.report.Figure;
import io.relais.bench.report.Measured;

/** Opens connections that do nothing, then a channel on each, and reads the broker's memory 10 s after either. */
record IdleConnectionsWorkload(String name, String description) implements Workload.OnRunning {
    private static final Duration SETTLE = Duration.ofSeconds(10);

    @Override
    public List<Measured> run(RunningBroker broker, Settings settings) throws IOException, InterruptedException {
        int count = settings.connections();
        broker.awaitQuiet();
        broker.tree().resetPeak();
        Memory before = broker.tree().memory();
        List<Connection> connections = new ArrayList<>(count);
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            long beganNs = System.nanoTime();
            open(broker, count, loop, connections);
            double openedPerSecond = count * 1e9 / (System.nanoTime() - beganNs);
            Memory connected = settled(broker);
            for (Connection connection : connections) {
                connection.createChannel();
            }
            Memory withChannels = settled(broker);
            Map<Figure, Double> figures = new EnumMap<>(Figure.class);
            figures.put(Figure.CONNECTS, openedPerSecond);
            figures.put(Figure.PER_CONNECTION, perConnection(before, connected, count));
            figures.put(Figure.PER_CONNECTION_AND_CHANNEL, perConnection(before, withChannels, count));
            figures.put(Figure.MEMORY_BEFORE, before.residentMb());
            figures.put(Figure.MEMORY_PEAK, withChannels.peakMb());
            figures.put(Figure.MEMORY_AFTER, withChannels.residentMb());
            return List.of(new Measured(name, figures, Optional.empty()));
        } finally {
            for (Connection connection : connections) {
                connection.abort(1_000);
            }
            loop.shutdownGracefully();
        }
    }

    private static void open(RunningBroker broker, int count, EventLoopGroup loop, List<Connection> connections)
            throws IOException {
        ConnectionFactory factory = broker.endpoint().connectionFactory();
        factory.netty().eventLoopGroup(loop);
        try {
            for (int i = 0; i < count; i++) {
                connections.add(factory.newConnection());
            }
        } catch (TimeoutException e) {
            throw new IOException("connection " + (connections.size() + 1) + " of " + count, e);
        }
    }

    private static Memory settled(RunningBroker broker) throws InterruptedException {
        Thread.sleep(SETTLE);
        return broker.tree().memory();
    }

    private static double perConnection(Memory before, Memory with, int count) {
        return (double) (with.residentKb() - before.residentKb()) / count;
    }
}
