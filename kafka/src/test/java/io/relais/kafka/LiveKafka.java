// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
import io.relais.broker.Refusal;
import io.relais.broker.Reply;
import io.relais.broker.runtime.Clock;
import io.relais.broker.runtime.Owner;
import io.relais.broker.security.SecurityOptions;
import io.relais.log.LogStore;
import io.relais.log.disk.RealDisk;
import io.relais.log.local.LocalLogStore;
import io.relais.log.metadata.MetadataStore;
import io.relais.log.metadata.MvMetadataStore;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/** A broker with its Kafka front end on two ports: one that lets everyone in, and one that wants a login. Its data are in a folder. */
public final class LiveKafka implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<ExecutorService> threads = Stream.generate(LiveKafka::thread).limit(4).toList();
    private final LoopOwner owner = new LoopOwner(loops.next(), new SystemTime());
    private final LogStore logs;
    private final MetadataStore metadata;
    private final LocalBroker broker;
    private final KafkaFrontEnd front;
    private final Channel open;
    private final Channel guarded;

    private LiveKafka(Path folder, KafkaSettings settings, CountingLogs.Counter counter) throws IOException {
        RealDisk disk = new RealDisk(folder);
        logs = new CountingLogs(new LocalLogStore(disk,
                new LocalLogStore.Executors(threads.get(0), threads.get(1), threads.get(2), threads.get(3)),
                ByteBufAllocator.DEFAULT, new Random()), counter);
        metadata = MvMetadataStore.open(disk, Path.of("metadata.mv"), threads.get(0));
        broker = LocalBroker.start(owner, logs, metadata, threads.get(3), BrokerOptions.DEFAULT, new NoProperties(),
                new SecurityOptions(Set.of("guest"), 4_096, new Random())).toCompletableFuture().join();
        front = KafkaFrontEnd.start(broker, owner, owner.loop(), logs, metadata, threads.get(3), settings,
                new Random()).toCompletableFuture().join();
        open = listen(KafkaListener.OPEN);
        guarded = listen(new KafkaListener("SASL_PLAINTEXT", null, true));
    }

    private static ExecutorService thread() {
        return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    }

    private Channel listen(KafkaListener listener) {
        return new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        front.attach(channel, listener);
                    }
                }).bind("127.0.0.1", 0).syncUninterruptibly().channel();
    }

    public static LiveKafka start(Path folder) {
        return start(folder, KafkaSettings.DEFAULT);
    }

    public static LiveKafka start(Path folder, KafkaSettings settings) {
        return start(folder, settings, new CountingLogs.Counter());
    }

    /** @param counter counts the logs that are opened */
    public static LiveKafka start(Path folder, KafkaSettings settings, CountingLogs.Counter counter) {
        try {
            return new LiveKafka(folder, settings, counter);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port that lets everyone in. */
    public int port() {
        return ((InetSocketAddress) open.localAddress()).getPort();
    }

    /** The port that wants a login. */
    public int guardedPort() {
        return ((InetSocketAddress) guarded.localAddress()).getPort();
    }

    /** An administrator who is nobody in particular. */
    public Admin admin() {
        return Admin.create(configs(port()));
    }

    /** One who logs in. */
    public Admin admin(String mechanism, String user, String password) {
        return Admin.create(login(mechanism, user, password));
    }

    /** What a client needs that logs in. */
    public Map<String, Object> login(String mechanism, String user, String password) {
        Map<String, Object> configs = configs(guardedPort());
        String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        configs.put("security.protocol", "SASL_PLAINTEXT");
        configs.put("sasl.mechanism", mechanism);
        configs.put("sasl.jaas.config", "org.apache.kafka.common.security." + module + " required username=\"" + user
                + "\" password=\"" + password + "\";");
        return configs;
    }

    private static Map<String, Object> configs(int port) {
        Map<String, Object> configs = new HashMap<>();
        configs.put("bootstrap.servers", "127.0.0.1:" + port);
        configs.put("default.api.timeout.ms", 20_000);
        configs.put("request.timeout.ms", 20_000);
        configs.put("enable.metrics.push", false);
        return configs;
    }

    /** A user of the broker. */
    public LiveKafka user(String name, String password, String... tags) {
        CompletableFuture<@Nullable Void> added = new CompletableFuture<>();
        owner.execute(() -> broker.administration().addUser(name, password.getBytes(StandardCharsets.UTF_8),
                List.of(tags), new Reply<@Nullable Void>() {
                    @Override
                    public void done(@Nullable Void nothing) {
                        added.complete(null);
                    }

                    @Override
                    public void refused(Refusal refusal) {
                        added.completeExceptionally(new IllegalStateException(refusal.text()));
                    }
                }));
        added.orTimeout(20, TimeUnit.SECONDS).join();
        return this;
    }

    /** Runs something on the owner thread, and waits for it. */
    public <T extends @Nullable Object> T onOwner(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, owner::execute).join();
    }

    /** The outcome, or the exception that Kafka's client reports. */
    public static <T extends @Nullable Object> T await(KafkaFuture<T> future) throws Exception {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Override
    public void close() {
        open.close().syncUninterruptibly();
        guarded.close().syncUninterruptibly();
        onOwner(() -> {
            front.closeAll();
            return front.groups().close();
        }).toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        CompletableFuture.supplyAsync(broker::close, owner::execute).thenCompose(stage -> stage).join();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        logs.close();
        metadata.close();
        threads.forEach(ExecutorService::shutdownNow);
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

    private record SystemTime() implements Clock {
        @Override
        public long nowMs() {
            return System.currentTimeMillis();
        }

        @Override
        public long nowNs() {
            return System.nanoTime();
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
