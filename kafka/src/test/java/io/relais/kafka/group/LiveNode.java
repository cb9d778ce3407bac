// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.relais.broker.BrokerOptions;
import io.relais.broker.LocalBroker;
import io.relais.broker.PropertiesCodec;
import io.relais.broker.runtime.Clock;
import io.relais.broker.runtime.Owner;
import io.relais.broker.security.SecurityOptions;
import io.relais.kafka.KafkaFrontEnd;
import io.relais.kafka.KafkaSettings;
import io.relais.kafka.topic.TopicConfig;
import io.relais.log.disk.RealDisk;
import io.relais.log.local.LocalLogStore;
import io.relais.log.metadata.MetadataStore;
import io.relais.log.metadata.MvMetadataStore;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** A node that speaks Kafka on a port of its own, with its data in a folder: what clients in tests connect to. */
public final class LiveNode implements AutoCloseable {
    /** Members hear often of what they are to do: tests need not wait for the five seconds between heartbeats. */
    private static final Map<String, String> BRISK = Map.of("group.consumer.heartbeat.interval.ms", "200",
            "group.consumer.min.heartbeat.interval.ms", "200", "group.consumer.assignment.interval.ms", "0");

    private static final Path METADATA = Path.of("metadata.mv");

    private final Path folder;
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ExecutorService workers = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
    private final ExecutorService journal = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private final ExecutorService writing = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private final ExecutorService syncing = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private final ShiftedClock clock = new ShiftedClock();
    private final LoopOwner owner = new LoopOwner(loops.next(), clock);
    private final LocalLogStore logs;
    private final MetadataStore metadata;
    private final KafkaFrontEnd front;
    private final Channel server;

    private LiveNode(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        RealDisk disk = new RealDisk(folder);
        logs = new LocalLogStore(disk, new LocalLogStore.Executors(journal, writing, syncing, workers),
                ByteBufAllocator.DEFAULT, new Random());
        metadata = MvMetadataStore.open(disk, METADATA, journal);
        LocalBroker broker = LocalBroker.start(owner, logs, metadata, workers, BrokerOptions.DEFAULT,
                new NoProperties(), new SecurityOptions(Set.of("guest"), 1_000, new Random())).toCompletableFuture()
                .join();
        front = KafkaFrontEnd
                .start(broker, owner, owner.loop(), logs, metadata, workers,
                        KafkaSettings.DEFAULT.withProperties(BRISK),
                        new Random())
                .toCompletableFuture().join();
        server = new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        front.attach(channel);
                    }
                }).bind("127.0.0.1", 0).syncUninterruptibly().channel();
    }

    public static LiveNode start(Path folder) {
        try {
            return new LiveNode(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String address() {
        return "127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort();
    }

    public GroupHost groups() {
        return front.groups();
    }

    /** Runs something on the owner thread, and waits for it. */
    public <T extends @Nullable Object> T onOwner(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, owner::execute).join();
    }

    /** Runs something on the owner thread, and waits for what it began. */
    public <T extends @Nullable Object> T await(Supplier<? extends CompletionStage<T>> work) {
        return CompletableFuture.supplyAsync(work, owner::execute).thenCompose(stage -> stage)
                .orTimeout(30, TimeUnit.SECONDS).join();
    }

    public LiveNode topic(String name, int partitions) {
        return topic(name, partitions, Map.of());
    }

    public LiveNode topic(String name, int partitions, Map<String, String> configs) {
        onOwner(() -> front.groups().context().topics().create(name, partitions, TopicConfig.of(configs)));
        return this;
    }

    public Uuid topicId(String name) {
        return onOwner(() -> Objects.requireNonNull(front.groups().context().topics().byName(name)).id());
    }

    int partitions(String name) {
        return onOwner(
                () -> Objects.requireNonNull(front.groups().context().topics().byName(name)).partitions().size());
    }

    Map<String, String> config(String name) {
        return onOwner(
                () -> Objects.requireNonNull(front.groups().context().topics().byName(name)).config().overrides());
    }

    public void grow(String name, int partitions) {
        onOwner(() -> {
            var topics = front.groups().context().topics();
            topics.grow(Objects.requireNonNull(topics.byName(name)), partitions);
            return null;
        });
    }

    public void deleteTopic(String name) {
        onOwner(() -> {
            var topics = front.groups().context().topics();
            topics.delete(Objects.requireNonNull(topics.byName(name)));
            return null;
        });
    }

    /** Moves the node's clock, and with it what is due by it. */
    public void advance(long ms) {
        clock.shiftMs.addAndGet(ms);
    }

    /** What a process that was killed here leaves behind, started again. This one goes on, and nothing that it does counts any more. */
    public LiveNode killedAndStartedIn(Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.toList()) {
                Path target = copy.resolve(folder.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target);
                }
            }
        }
        close();
        return start(copy);
    }

    /** Stops as the server does. */
    public LiveNode restarted() {
        close();
        return start(folder);
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
        onOwner(() -> {
            front.closeAll();
            return null;
        });
        this.<@Nullable Void>await(front.groups()::close);
        logs.close();
        metadata.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        Stream.of(workers, journal, writing, syncing).forEach(ExecutorService::shutdownNow);
    }

    /** The system's clock, ahead by as much as a test says. */
    private static final class ShiftedClock implements Clock {
        private final AtomicLong shiftMs = new AtomicLong();

        @Override
        public long nowMs() {
            return System.currentTimeMillis() + shiftMs.get();
        }

        @Override
        public long nowNs() {
            return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(shiftMs.get());
        }
    }

    private record LoopOwner(EventLoop loop, Clock clock) implements Owner {
        @Override
        public boolean isCurrent() {
            return loop.inEventLoop();
        }

        @Override
        public void execute(Runnable task) {
            loop.execute(task);
        }

        @Override
        public Timer schedule(long delayMs, Runnable task) {
            var scheduled = loop.schedule(task, delayMs, TimeUnit.MILLISECONDS);
            return () -> scheduled.cancel(false);
        }
    }

    /** Nobody publishes AMQP messages here. */
    private static final class NoProperties implements PropertiesCodec {
        @Override
        public Map<String, @Nullable Object> headers(ByteBuf properties) {
            return Map.of();
        }

        @Override
        public ByteBuf rewrite(ByteBuf properties, Map<String, @Nullable Object> headers, boolean keepExpiration) {
            return properties.retain();
        }

        @Override
        public long expirationMs(ByteBuf properties) {
            return -1;
        }

        @Override
        public @Nullable String expiration(ByteBuf properties) {
            return null;
        }
    }
}
