// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

import java.nio.ByteBuffer;
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
import io.relais.kafka.partition.Partition;
import io.relais.kafka.topic.Topic;
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
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** Topics and the cleaner in virtual time on a simulated disk: one life of a process. */
final class SimulatedLogs {
    /** Transactions are written by producers with this epoch. */
    static final short EPOCH = 0;
    static final long NO_PRODUCER = -1;

    final Simulation simulation;
    final Topics topics;
    private final SimulatedDisk disk;
    private final InMemoryMetadataStore metadata;
    private final CleanSettings settings;
    private final long seed;

    private SimulatedLogs(Simulation simulation, SimulatedDisk disk, InMemoryMetadataStore metadata,
            CleanSettings settings, long seed) {
        this.simulation = simulation;
        this.disk = disk;
        this.metadata = metadata;
        this.settings = settings;
        this.seed = seed;
        LocalLogStore logs = new LocalLogStore(disk, simulation.disk(), simulation.disk(),
                UnpooledByteBufAllocator.DEFAULT, new Random(seed));
        MetadataWriter writer = new MetadataWriter(metadata, simulation::execute, why -> {
        });
        var loading = Topics.load(simulation, logs, metadata, writer, new Random(seed)).toCompletableFuture();
        simulation.settle();
        topics = loading.join();
        var starting = Cleaner
                .start(settings, topics, metadata, simulation, simulation.disk(), new Random(seed))
                .toCompletableFuture();
        simulation.settle();
        starting.join();
    }

    static SimulatedLogs start(long seed, CleanSettings settings) {
        Simulation simulation = new Simulation(seed);
        return new SimulatedLogs(simulation, new SimulatedDisk(seed), new InMemoryMetadataStore(simulation.disk()),
                settings, seed);
    }

    static SimulatedLogs start() {
        return start(7, CleanSettings.DEFAULT);
    }

    /** The power fails, and another process starts on what is left. */
    SimulatedLogs crash() {
        SimulatedDisk left = disk.crash();
        InMemoryMetadataStore keys = metadata.crash(new Random(seed));
        simulation.crash();
        return new SimulatedLogs(simulation, left, keys, settings, seed + 1);
    }

    Log create(String name, Map<String, String> config) {
        topics.create(name, 1, TopicConfig.of(config));
        simulation.settle();
        return log(name);
    }

    Log log(String name) {
        return new Log(Objects.requireNonNull(topics.byName(name)));
    }

    /** Up to where a log was compacted, as the metadata has it; -1 where it never was. */
    long cleaned(Log log) {
        var found = metadata.get("/kafka/clean/" + log.partition.log().number()).toCompletableFuture();
        simulation.settle();
        return found.join().map(value -> ByteBuffer.wrap(value.value()).getLong()).orElse(-1L);
    }

    /** One record as it is read. */
    record Read(long offset, String key, @Nullable String value, long timestamp, long producerId, int compression) {}

    /** The partition of a topic, open. */
    final class Log {
        final Topic topic;
        final Partition partition;
        final RetainedLog log;

        Log(Topic topic) {
            this.topic = topic;
            this.partition = Objects.requireNonNull(topic.partition(0));
            List<RetainedLog> opened = new ArrayList<>();
            partition.whenOpen(new Partition.OpenListener() {
                @Override
                public void opened(RetainedLog log) {
                    opened.add(log);
                }

                @Override
                public void failed(Errors why) {
                    throw new IllegalStateException("partition cannot be opened: " + why);
                }
            });
            simulation.settle();
            log = opened.getFirst();
        }

        /** Appends a batch of records; returns its first offset. */
        long append(SimpleRecord... records) {
            return append(Compression.NONE, NO_PRODUCER, records);
        }

        long append(Compression compression, long producer, SimpleRecord... records) {
            MemoryRecords batch = producer == NO_PRODUCER
                    ? MemoryRecords.withRecords(compression, records)
                    : MemoryRecords.withTransactionalRecords(compression, producer, EPOCH, 0, records);
            return partition.append(Unpooled.wrappedBuffer(batch.buffer()), new Appended());
        }

        /** Appends one record with the current time. */
        long put(String key, @Nullable String value) {
            return append(record(key, value));
        }

        SimpleRecord record(String key, @Nullable String value) {
            return new SimpleRecord(simulation.nowMs(), bytes(key), value == null ? null : bytes(value));
        }

        /** Ends a transaction; returns the offset of the marker. */
        long end(long producer, boolean commit) {
            long offset = partition.logEndOffset();
            partition.appendMarker(producer, EPOCH, commit, 0, new Appended());
            return offset;
        }

        void settle() {
            simulation.settle();
        }

        /** Everything so far is in files that are complete. */
        void roll() {
            settle();
            log.roll();
        }

        /** All batches, each of them sound. */
        void scan(java.util.function.Consumer<RecordBatch> visitor) {
            settle();
            List<Throwable> failures = new ArrayList<>();
            log.scan(0, (offset, count, bytes) -> MemoryRecords.readableRecords(bytes.nioBuffer()).batches()
                    .forEach(batch -> {
                        batch.ensureValid();
                        visitor.accept(batch);
                    })).whenComplete((done, error) -> {
                        if (error != null) {
                            failures.add(error);
                        }
                    });
            settle();
            if (!failures.isEmpty()) {
                throw new IllegalStateException(failures.getFirst());
            }
        }

        /** All records but markers, as a consumer that reads everything gets them. */
        List<Read> records() {
            List<Read> read = new ArrayList<>();
            scan(batch -> {
                if (!batch.isControlBatch()) {
                    batch.forEach(record -> read.add(read(batch, record)));
                }
            });
            return read;
        }

        /** All records that a consumer with {@code read_committed} gets: it is told of aborted transactions, and drops their records until their marker. */
        List<Read> committed() {
            List<Read> read = new ArrayList<>();
            Map<Long, Long> told = new HashMap<>(); // first offset -> producer
            partition.aborted(0, (producer, first, marker) -> told.put(first, producer));
            List<Long> dropping = new ArrayList<>();
            long stable = partition.lastStableOffset();
            scan(batch -> {
                if (batch.baseOffset() >= stable) {
                    return;
                }
                told.entrySet().removeIf(each -> {
                    boolean begins = each.getKey() <= batch.lastOffset();
                    if (begins) {
                        dropping.add(each.getValue());
                    }
                    return begins;
                });
                if (batch.isControlBatch()) {
                    dropping.removeIf(producer -> producer == batch.producerId());
                } else if (!batch.isTransactional() || !dropping.contains(batch.producerId())) {
                    batch.forEach(record -> read.add(read(batch, record)));
                }
            });
            return read;
        }

        /** How many markers are there. */
        int markers() {
            int[] count = {0};
            scan(batch -> {
                if (batch.isControlBatch()) {
                    batch.forEach(record -> count[0]++);
                }
            });
            return count[0];
        }

        private Read read(RecordBatch batch, Record record) {
            return new Read(record.offset(), text(record.key()),
                    record.hasValue() ? text(record.value()) : null, record.timestamp(), batch.producerId(),
                    batch.compressionType().id);
        }

        private static String text(ByteBuffer bytes) {
            return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    private static final class Appended implements Partition.AppendListener {
        @Override
        public void done(long baseOffset) {
            // in time
        }

        @Override
        public void failed(Errors why) {
            if (why != Errors.UNKNOWN_TOPIC_OR_PARTITION) {
                throw new IllegalStateException("an append failed: " + why);
            }
        }
    }
}
