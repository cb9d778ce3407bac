// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.relais.broker.MetadataWriter;
import io.relais.broker.runtime.Simulation;
import io.relais.kafka.group.GroupSettings;
import io.relais.kafka.partition.Partition;
import io.relais.kafka.topic.TopicConfig;
import io.relais.kafka.topic.Topics;
import io.relais.log.RetainedLog;
import io.relais.log.disk.SimulatedDisk;
import io.relais.log.local.LocalLogStore;
import io.relais.log.metadata.InMemoryMetadataStore;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** A topic and a share group on it, in virtual time on a simulated disk: one life of a process. */
final class SimulatedShares {
    static final String TOPIC = "orders";
    static final String DEAD = "dlq.orders";
    static final String GROUP = "workers";
    static final int SNAPSHOT_BYTES = 20_000;

    final Simulation simulation;
    final Topics topics;
    final StateStore store;
    final SharePartitions partitions;
    private final SimulatedDisk disk;
    private final InMemoryMetadataStore metadata;
    private final long seed;
    private final PartitionSource source;
    private Map<String, String> config;

    private SimulatedShares(Simulation simulation, SimulatedDisk disk, InMemoryMetadataStore metadata, long seed,
            Map<String, String> config) {
        this.simulation = simulation;
        this.disk = disk;
        this.metadata = metadata;
        this.seed = seed;
        this.config = config;
        LocalLogStore logs = new LocalLogStore(disk, simulation.disk(), simulation.disk(),
                UnpooledByteBufAllocator.DEFAULT, new Random(seed));
        MetadataWriter writer = new MetadataWriter(metadata, simulation::execute, why -> {
        });
        var loading = Topics.load(simulation, logs, metadata, writer, new Random(seed)).toCompletableFuture();
        simulation.settle();
        topics = loading.join();
        if (topics.byName(TOPIC) == null) {
            topics.create(TOPIC, 1, TopicConfig.of(Map.of()));
            topics.create(DEAD, 1, TopicConfig.of(Map.of("errors.deadletterqueue.group.enable", "true")));
            simulation.settle();
        }
        source = new PartitionSource(simulation, simulation.disk());
        store = new StateStore(new StateTopic(topics, simulation), SNAPSHOT_BYTES);
        ShareConfig shareConfig = new ShareConfig(GroupSettings.DEFAULT.coordinator(), GroupSettings.DEFAULT.share(),
                group -> this.config);
        partitions = new SharePartitions(simulation, shareConfig, store,
                new DeadLetterQueue(topics, simulation, 1, shareConfig, source), group -> true);
        topics.onChange(partitions);
    }

    static SimulatedShares start(long seed, Map<String, String> config) {
        Simulation simulation = new Simulation(seed);
        Map<String, String> all = new HashMap<>(config);
        all.putIfAbsent("share.auto.offset.reset", "earliest");
        return new SimulatedShares(simulation, new SimulatedDisk(seed), new InMemoryMetadataStore(simulation.disk()),
                seed, all);
    }

    /** The power fails, and another process starts on what is left. */
    SimulatedShares crash() {
        SimulatedDisk left = disk.crash();
        InMemoryMetadataStore keys = metadata.crash(new Random(seed));
        simulation.crash();
        return new SimulatedShares(simulation, left, keys, seed + 1, config);
    }

    void configure(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(config);
        all.putAll(more);
        config = all;
    }

    SharePartitionId id() {
        return new SharePartitionId(GROUP, Objects.requireNonNull(topics.byName(TOPIC)).id(), 0);
    }

    Partition partition(String topic) {
        return Objects.requireNonNull(topics.partition(topic, 0));
    }

    /** As the group coordinator does when a group first subscribes; waits until it is durable. */
    SimulatedShares subscribed() {
        store.whenReady(ready -> store.initialize(id(), 0, StoredState.NO_OFFSET, error -> {
        }));
        simulation.settle();
        return this;
    }

    /** Opens the share partition, and waits for that. */
    SharePartition open() {
        SharePartition share = partitions.get(id(), partition(TOPIC));
        List<Errors> told = new ArrayList<>();
        share.whenOpen(told::add);
        simulation.settle();
        if (!told.equals(List.of(Errors.NONE))) {
            throw new IllegalStateException("not open: " + told);
        }
        return share;
    }

    /** Appends a batch of records, and waits until it is durable. */
    void produce(String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(simulation.nowMs(), values[i].getBytes(StandardCharsets.UTF_8));
        }
        Partition partition = partition(TOPIC);
        whenOpen(partition,
                () -> partition.append(
                        Unpooled.wrappedBuffer(MemoryRecords.withRecords(Compression.NONE, records).buffer()),
                        new Partition.AppendListener() {
                            @Override
                            public void done(long baseOffset) {
                                // settled below
                            }

                            @Override
                            public void failed(Errors why) {
                                throw new IllegalStateException(why.message());
                            }
                        }));
        simulation.settle();
    }

    private static void whenOpen(Partition partition, Runnable action) {
        partition.whenOpen(new Partition.OpenListener() {
            @Override
            public void opened(RetainedLog log) {
                action.run();
            }

            @Override
            public void failed(Errors why) {
                throw new IllegalStateException(why.message());
            }
        });
    }

    /** What a member gets now; nothing waits for the disk but the reading. */
    List<Acquisition> acquire(SharePartition share, String member, int max) {
        List<Acquisition> acquired = new ArrayList<>();
        if (!share.mayRead()) {
            return acquired;
        }
        long from = share.subscription().nextOffset();
        source.find(share.partition(), from, 1 << 20, share.readableEnd()).whenComplete((slice, error) -> {
            if (slice != null) {
                FetchedBatches batches = new FetchedBatches(slice.copy(), List.of());
                acquired.addAll(share.acquire(new Demand(member, max, max, true), batches.spans()));
                batches.release();
            }
        });
        for (int i = 0; i < 1_000 && acquired.isEmpty() && simulation.step(); i++) {
            // only until the answer is there: the rest of the disk's work may be lost in a crash
        }
        return acquired;
    }

    /** All values of a topic's partition. */
    List<String> values(String topic) {
        List<String> values = new ArrayList<>();
        Partition partition = partition(topic);
        whenOpen(partition, () -> partition.scan(0, (offset, count, bytes) -> {
            for (Record record : MemoryRecords.readableRecords(bytes.nioBuffer()).records()) {
                values.add(record.hasValue() ? StandardCharsets.UTF_8.decode(record.value()).toString() : "");
            }
        }).whenComplete((done, error) -> {
            if (error != null) {
                throw new IllegalStateException(error);
            }
        }));
        simulation.settle();
        return values;
    }
}
