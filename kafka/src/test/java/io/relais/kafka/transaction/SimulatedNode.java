// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.relais.broker.MetadataWriter;
import io.relais.broker.runtime.Simulation;
import io.relais.kafka.partition.Partition;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.TopicConfig;
import io.relais.kafka.topic.Topics;
import io.relais.log.RetainedLog;
import io.relais.log.disk.SimulatedDisk;
import io.relais.log.local.LocalLogStore;
import io.relais.log.metadata.InMemoryMetadataStore;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Topics and the transaction coordinator in virtual time on a simulated disk: one life of a process. */
final class SimulatedNode {
    static final String TOPIC = "orders";
    static final int PARTITIONS = 3;

    final Simulation simulation;
    final Topics topics;
    final TransactionCoordinator coordinator;
    final CoordinatorGate gate;
    private final SimulatedDisk disk;
    private final InMemoryMetadataStore metadata;
    private final long seed;
    private final TransactionSettings settings;

    private SimulatedNode(Simulation simulation, SimulatedDisk disk, InMemoryMetadataStore metadata, long seed,
            TransactionSettings settings) {
        this.simulation = simulation;
        this.disk = disk;
        this.metadata = metadata;
        this.seed = seed;
        this.settings = settings;
        LocalLogStore logs = new LocalLogStore(disk, simulation.disk(), simulation.disk(),
                UnpooledByteBufAllocator.DEFAULT, new Random(seed));
        MetadataWriter writer = new MetadataWriter(metadata, simulation::execute, why -> {
        });
        var loading = Topics.load(simulation, logs, metadata, writer, new Random(seed)).toCompletableFuture();
        simulation.settle();
        topics = loading.join();
        if (topics.byName(TOPIC) == null) {
            topics.create(TOPIC, PARTITIONS, TopicConfig.of(Map.of()));
            simulation.settle();
        }
        Markers markers = new PartitionMarkers(topics, () -> null, simulation);
        coordinator = new TransactionCoordinator(settings, new ProducerIds(metadata, simulation),
                new KafkaStateTopic(topics, settings.stateSegmentBytes(), simulation), markers, simulation);
        gate = new CoordinatorGate(coordinator, simulation);
        coordinator.start();
    }

    static SimulatedNode start(long seed) {
        return start(seed, TransactionSettings.DEFAULT);
    }

    static SimulatedNode start(long seed, TransactionSettings settings) {
        Simulation simulation = new Simulation(seed);
        return new SimulatedNode(simulation, new SimulatedDisk(seed), new InMemoryMetadataStore(simulation.disk()),
                seed,
                settings);
    }

    /** The power fails, and another process starts on what is left. */
    SimulatedNode crash() {
        SimulatedDisk left = disk.crash();
        InMemoryMetadataStore keys = metadata.crash(new Random(seed));
        simulation.crash();
        return new SimulatedNode(simulation, left, keys, seed + 1, settings);
    }

    Partition partition(int index) {
        Topic topic = Objects.requireNonNull(topics.byName(TOPIC));
        return Objects.requireNonNull(topic.partition(index));
    }

    static TopicPartition name(int index) {
        return new TopicPartition(TOPIC, index);
    }

    /** A producer's batch, admitted and appended as Produce does it. */
    void produce(String id, ProducerIdAndEpoch producer, int index, String value, boolean mayAdd,
            ErrorListener listener) {
        Partition partition = partition(index);
        gate.admit(id, producer.producerId(), producer.epoch(), partition, mayAdd, error -> {
            if (error != Errors.NONE) {
                listener.done(error);
                return;
            }
            partition.whenOpen(new Partition.OpenListener() {
                @Override
                public void opened(RetainedLog log) {
                    partition.append(batch(producer, value), new Partition.AppendListener() {
                        @Override
                        public void done(long baseOffset) {
                            listener.done(Errors.NONE);
                        }

                        @Override
                        public void failed(Errors why) {
                            listener.done(why);
                        }
                    });
                }

                @Override
                public void failed(Errors why) {
                    listener.done(why);
                }
            });
        });
    }

    private static ByteBuf batch(ProducerIdAndEpoch producer, String value) {
        return Unpooled.wrappedBuffer(MemoryRecords
                .withTransactionalRecords(Compression.NONE, producer.producerId(), producer.epoch(), 0,
                        new SimpleRecord(value.getBytes(StandardCharsets.UTF_8)))
                .buffer());
    }

    /** What a partition holds, as one reads it who only believes the log itself. */
    record Content(List<String> committed, Set<String> aborted, Set<String> open, boolean stable) {}

    Content content(int index) {
        Partition partition = partition(index);
        Map<Long, List<String>> pending = new HashMap<>();
        List<String> committed = new ArrayList<>();
        Set<String> aborted = new HashSet<>();
        boolean[] stable = {false};
        partition.whenOpen(new Partition.OpenListener() {
            @Override
            public void opened(RetainedLog log) {
                stable[0] = partition.lastStableOffset() == partition.logEndOffset();
                var scanned = partition.scan(0, (offset, count, bytes) -> {
                    for (RecordBatch batch : MemoryRecords.readableRecords(bytes.nioBuffer()).batches()) {
                        for (Record record : batch) {
                            List<String> ofProducer = pending.computeIfAbsent(batch.producerId(),
                                    each -> new ArrayList<>());
                            if (!batch.isControlBatch()) {
                                ofProducer.add(StandardCharsets.UTF_8.decode(record.value()).toString());
                            } else {
                                if (ControlRecordType.parse(record.key()) == ControlRecordType.COMMIT) {
                                    committed.addAll(ofProducer);
                                } else {
                                    aborted.addAll(ofProducer);
                                }
                                ofProducer.clear();
                            }
                        }
                    }
                });
                scanned.whenComplete((done, error) -> {
                    if (error != null) {
                        throw new IllegalStateException(error);
                    }
                });
            }

            @Override
            public void failed(Errors why) {
                throw new IllegalStateException("partition " + index + ": " + why);
            }
        });
        simulation.settle();
        Set<String> open = new HashSet<>();
        pending.values().forEach(open::addAll);
        return new Content(committed, aborted, open, stable[0]);
    }
}
