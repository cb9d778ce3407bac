// SPDX-License-Identifier: Apache-2.0
package io.relais.it.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;

/**
 * 2,000 connections with a channel each, 10,000 durable queues, 100,000 bindings to a topic exchange, and messages through all of them. Prints what each step took, and
 * the broker's resident memory after it. Everything is deleted at the end.
 *
 * <pre>
 * ManyOfEverything HOST:PORT [BROKER-PID [CONNECTIONS QUEUES BINDINGS-PER-QUEUE]]
 * </pre>
 */
public final class ManyOfEverything {
    private static final String EXCHANGE = "many.topic";
    private static final String QUEUE = "many.queue.";
    private static final long CONFIRM_PATIENCE_MS = 60_000;

    private final ConnectionFactory factory = new ConnectionFactory();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Channel> channels = new ArrayList<>();
    private final String pid;
    private final int connections;
    private final int queues;
    private final int bindings;

    private ManyOfEverything(String address, String pid, int connections, int queues, int bindings) {
        int colon = address.lastIndexOf(':');
        factory.setHost(address.substring(0, colon));
        factory.setPort(Integer.parseInt(address.substring(colon + 1)));
        factory.setAutomaticRecoveryEnabled(false);
        factory.setThreadFactory(Thread.ofVirtual().factory());
        factory.setSharedExecutor(threads);
        factory.setConnectionTimeout(60_000);
        factory.setHandshakeTimeout(60_000);
        this.pid = pid;
        this.connections = connections;
        this.queues = queues;
        this.bindings = bindings;
    }

    public static void main(String[] args) throws Exception {
        String pid = args.length > 1 ? args[1] : "";
        int connections = args.length > 2 ? Integer.parseInt(args[2]) : 2_000;
        int queues = args.length > 3 ? Integer.parseInt(args[3]) : 10_000;
        int bindings = args.length > 4 ? Integer.parseInt(args[4]) : 10;
        new ManyOfEverything(args[0], pid, connections, queues, bindings).run();
    }

    private void run() throws Exception {
        System.out.println("before: " + residentMemory());
        step(connections + " connections with a channel each", this::connect);
        channels.getFirst().exchangeDeclare(EXCHANGE, "topic", true);
        step(queues + " durable queues", () -> each(this::declare));
        step(queues * bindings + " bindings", () -> each(this::bind));
        step(queues + " persistent messages, each to one queue", this::publish);
        step(queues + " queues with one message each", () -> each(this::takeOne));
        step("delete " + queues + " queues", () -> each(this::delete));
        channels.getFirst().exchangeDelete(EXCHANGE);
        step("close " + connections + " connections", this::disconnect);
    }

    private interface Step {
        void run() throws Exception;
    }

    private void step(String name, Step step) throws Exception {
        long startNs = System.nanoTime();
        step.run();
        long ms = (System.nanoTime() - startNs) / 1_000_000;
        System.out.printf("%-50s %6d ms   %s%n", name, ms, residentMemory());
    }

    private String residentMemory() throws IOException {
        if (pid.isEmpty()) {
            return "";
        }
        return Files.readAllLines(Path.of("/proc", pid, "status")).stream().filter(line -> line.startsWith("VmRSS"))
                .map(line -> "broker " + Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB").findFirst()
                .orElse("");
    }

    private void connect() throws Exception {
        List<Future<Channel>> opening = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            opening.add(threads.submit(() -> factory.newConnection().createChannel()));
        }
        for (Future<Channel> channel : opening) {
            channels.add(channel.get());
        }
    }

    private interface QueueWork {
        void on(Channel channel, int number) throws Exception;
    }

    /** Does something for each queue; the queues are shared out among the channels. */
    private void each(QueueWork work) throws ExecutionException, InterruptedException {
        List<Future<?>> running = new ArrayList<>();
        for (int c = 0; c < channels.size(); c++) {
            int first = c;
            running.add(threads.submit(() -> {
                for (int q = first; q < queues; q += channels.size()) {
                    work.on(channels.get(first), q);
                }
                return first;
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
    }

    private void declare(Channel channel, int number) throws IOException {
        channel.queueDeclare(QUEUE + number, true, false, false, Map.of());
    }

    private void bind(Channel channel, int number) throws IOException {
        for (int i = 0; i < bindings; i++) {
            channel.queueBind(QUEUE + number, EXCHANGE, i == 0 ? "q." + number : "more." + i + ".*." + number + ".#");
        }
    }

    private void publish() throws Exception {
        Channel channel = channels.getFirst();
        channel.confirmSelect();
        for (int q = 0; q < queues; q++) {
            channel.basicPublish(EXCHANGE, "q." + q, MessageProperties.PERSISTENT_BASIC, body(q));
        }
        channel.waitForConfirmsOrDie(CONFIRM_PATIENCE_MS);
    }

    private void takeOne(Channel channel, int number) throws IOException {
        GetResponse message = channel.basicGet(QUEUE + number, true);
        if (message == null || !java.util.Arrays.equals(message.getBody(), body(number))
                || channel.basicGet(QUEUE + number, true) != null) {
            throw new IllegalStateException("queue " + number + " has not got exactly its message");
        }
    }

    private static byte[] body(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    private void delete(Channel channel, int number) throws IOException {
        channel.queueDelete(QUEUE + number);
    }

    private void disconnect() throws Exception {
        List<Future<?>> closing = new ArrayList<>();
        for (Channel channel : channels) {
            Connection connection = channel.getConnection();
            closing.add(threads.submit(() -> {
                connection.close();
                return true;
            }));
        }
        for (Future<?> one : closing) {
            one.get();
        }
        threads.shutdown();
    }
}
