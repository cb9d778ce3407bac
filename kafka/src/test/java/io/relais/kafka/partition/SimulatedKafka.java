// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.relais.broker.BrokerOptions;
import io.relais.broker.LocalBroker;
import io.relais.broker.PropertiesCodec;
import io.relais.broker.runtime.Simulation;
import io.relais.broker.security.SecurityOptions;
import io.relais.kafka.Contexts;
import io.relais.kafka.KafkaContext;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.TopicConfig;
import io.relais.kafka.topic.Topics;
import io.relais.kafka.wire.ApiTable;
import io.relais.kafka.wire.Connection;
import io.relais.kafka.wire.ConnectionListener;
import io.relais.kafka.wire.Request;
import io.relais.log.LogStore;
import io.relais.log.RetainedLog;
import io.relais.log.disk.SimulatedDisk;
import io.relais.log.local.LocalLogStore;
import io.relais.log.metadata.InMemoryMetadataStore;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The keys of this package, served in virtual time on a simulated disk: one life of a process. */
final class SimulatedKafka {
    static final String TOPIC = "orders";

    final Simulation simulation;
    final Topics topics;
    final LocalBroker broker;
    final LogStore logs;
    final Gate gate = new Gate();
    private final SimulatedDisk disk;
    private final InMemoryMetadataStore metadata;
    private final long seed;
    private final ApiTable apis = new ApiTable();
    private final List<EmbeddedChannel> channels = new ArrayList<>();

    private SimulatedKafka(Simulation simulation, SimulatedDisk disk, InMemoryMetadataStore metadata, long seed) {
        this.simulation = simulation;
        this.disk = disk;
        this.metadata = metadata;
        this.seed = seed;
        logs = new LocalLogStore(disk, simulation.disk(), simulation.disk(), UnpooledByteBufAllocator.DEFAULT,
                new Random(seed));
        var starting = LocalBroker.start(simulation, logs, metadata, simulation.disk(), BrokerOptions.DEFAULT,
                new NoProperties(), new SecurityOptions(Set.of("guest"), 1, new Random(seed))).toCompletableFuture();
        simulation.settle();
        broker = starting.join();
        var loading = Contexts.on(broker, simulation, logs, metadata, simulation.disk(), new Random(seed));
        simulation.settle();
        KafkaContext context = loading.join();
        topics = context.topics();
        apis.on(ApiKeys.PRODUCE, new ProduceApi(context, gate, Authorization.OPEN)::handle);
        apis.on(ApiKeys.FETCH, new FetchApi(context)::handle);
        apis.on(ApiKeys.LIST_OFFSETS, new ListOffsetsApi(context)::handle);
        apis.on(ApiKeys.DELETE_RECORDS, new DeleteRecordsApi(context)::handle);
        apis.on(ApiKeys.OFFSET_FOR_LEADER_EPOCH, new OffsetForLeaderEpochApi(context)::handle);
        apis.on(ApiKeys.DESCRIBE_PRODUCERS, new DescribeProducersApi(context)::handle);
    }

    static SimulatedKafka start(long seed) {
        Simulation simulation = new Simulation(seed);
        return new SimulatedKafka(simulation, new SimulatedDisk(seed), new InMemoryMetadataStore(simulation.disk()),
                seed);
    }

    /** One with the topic {@link #TOPIC} of one partition. */
    static SimulatedKafka withTopic(Map<String, String> config) {
        SimulatedKafka kafka = start(7);
        kafka.create(TOPIC, 1, config);
        return kafka;
    }

    Topic create(String name, int partitions, Map<String, String> config) {
        Topic topic = topics.create(name, partitions, TopicConfig.of(config));
        simulation.settle();
        return topic;
    }

    /** The power fails, and another process starts on what is left. */
    SimulatedKafka crash() {
        SimulatedDisk left = disk.crash();
        InMemoryMetadataStore keys = metadata.crash(new Random(seed));
        simulation.crash();
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
        return new SimulatedKafka(simulation, left, keys, seed + 1);
    }

    /** The process ends in order, and another one starts. */
    SimulatedKafka restart() {
        topics.all().forEach(topic -> topic.partitions().forEach(Partition::close));
        simulation.settle();
        logs.close();
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
        simulation.settle();
        return new SimulatedKafka(simulation, disk, metadata, seed + 1);
    }

    Partition partition(int index) {
        return Objects.requireNonNull(topics.partition(TOPIC, index));
    }

    /** The partition, once it is open. */
    Partition open(int index) {
        Partition partition = partition(index);
        List<Errors> failed = new ArrayList<>();
        partition.whenOpen(new Partition.OpenListener() {
            @Override
            public void opened(RetainedLog log) {
                // it is
            }

            @Override
            public void failed(Errors why) {
                failed.add(why);
            }
        });
        simulation.settle();
        if (!failed.isEmpty()) {
            throw new IllegalStateException("not opened: " + failed);
        }
        return partition;
    }

    /** A client's connection. */
    TestClient client() {
        Connection connection = new Connection(apis, simulation, new Everyone(), 16 << 20);
        EmbeddedChannel channel = new EmbeddedChannel(connection);
        channels.add(channel);
        return new TestClient(channel, simulation);
    }

    /** Lets transactions pass, or keeps them waiting. */
    static final class Gate implements TransactionGate {
        final Deque<Listener> waiting = new ArrayDeque<>();
        boolean holds;
        Errors answer = Errors.NONE;

        @Override
        public void admit(@Nullable String transactionalId, long producerId, short producerEpoch,
                Partition partition, boolean mayAdd, Listener listener) {
            if (holds) {
                waiting.add(listener);
            } else {
                listener.decided(answer);
            }
        }
    }

    private static final class Everyone implements ConnectionListener {
        @Override
        public void opened(Connection connection) {
            // nothing to note
        }

        @Override
        public void closed(Connection connection) {
            // nothing to note
        }

        @Override
        public boolean admits(Request request) {
            return true;
        }
    }

    /** There are no AMQP messages here. */
    private static final class NoProperties implements PropertiesCodec {
        @Override
        public Map<String, @Nullable Object> headers(ByteBuf properties) {
            return Map.of();
        }

        @Override
        public ByteBuf rewrite(ByteBuf properties, Map<String, @Nullable Object> headers, boolean keepExpiration) {
            return properties.copy();
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
