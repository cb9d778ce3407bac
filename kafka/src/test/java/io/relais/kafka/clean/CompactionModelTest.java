// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import io.relais.kafka.clean.SimulatedLogs.Log;
import io.relais.kafka.clean.SimulatedLogs.Read;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random appends, transactions, compactions and power cuts against a model that never forgets anything. */
class CompactionModelTest {
    private static final int HISTORIES = 60;
    private static final int STEPS = 150;
    private static final int KEYS = 8;
    private static final long[] PRODUCERS = {11, 12, 13};
    private static final long DELETE_RETENTION_MS = 60_000;

    @Test
    void whateverIsCompacted_theLastCommittedValueOfEachKeyStays_andEverythingBehindTheCleanPoint() {
        Long given = Long.getLong("seed");
        long first = given == null ? new Random().nextLong() : given;
        for (int i = 0; i < (given == null ? HISTORIES : 1); i++) {
            long seed = first + i;
            try {
                new History(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /** What was appended at one offset: a record, or the marker that ends a transaction. */
    private sealed interface Item {
        long producer();
    }

    private record Put(String key, @Nullable String value, long timestamp, long producer) implements Item {}

    private record End(long producer, boolean commit) implements Item {}

    private static final class History {
        final Random random;
        final TreeMap<Long, Item> model = new TreeMap<>();
        final List<Compression> compressions = List.of(Compression.NONE, Compression.lz4().build(),
                Compression.gzip().build(), Compression.zstd().build(), Compression.snappy().build());
        SimulatedLogs logs;
        Log log;
        int counter;

        History(long seed) {
            random = new Random(seed);
            int mapBytes = random.nextBoolean() ? 16 << 20 : 20 * OffsetMap.SLOT_BYTES;
            logs = SimulatedLogs.start(seed, new CleanSettings(15_000, 300_000, mapBytes));
            log = logs.create("orders", Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.0",
                    "delete.retention.ms", Long.toString(DELETE_RETENTION_MS)));
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                act();
                if (random.nextInt(8) == 0) {
                    check();
                }
            }
            check();
        }

        void act() {
            int dice = random.nextInt(100);
            if (dice < 45) {
                append(SimulatedLogs.NO_PRODUCER);
            } else if (dice < 65) {
                append(PRODUCERS[random.nextInt(PRODUCERS.length)]);
            } else if (dice < 75) {
                end(PRODUCERS[random.nextInt(PRODUCERS.length)], random.nextBoolean());
            } else if (dice < 85) {
                log.roll();
            } else if (dice < 95) {
                logs.simulation.advance(random.nextInt(30_000));
            } else if (dice < 97) {
                logs.simulation.advance(DELETE_RETENTION_MS);
            } else {
                crash();
            }
        }

        void append(long producer) {
            SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(4)];
            List<Put> puts = new ArrayList<>();
            for (int i = 0; i < records.length; i++) {
                String key = "k" + random.nextInt(KEYS);
                String value = random.nextInt(4) == 0 ? null : "v" + counter++;
                records[i] = log.record(key, value);
                puts.add(new Put(key, value, records[i].timestamp(), producer));
            }
            long offset = log.append(compressions.get(random.nextInt(compressions.size())), producer, records);
            for (Put put : puts) {
                model.put(offset++, put);
            }
        }

        void end(long producer, boolean commit) {
            model.put(log.end(producer, commit), new End(producer, commit));
        }

        /** In the middle of whatever is going on. */
        void crash() {
            for (int turns = random.nextInt(60); turns > 0; turns--) {
                logs.simulation.step();
            }
            if (random.nextBoolean()) {
                int turns = random.nextInt(60);
                logs.simulation.schedule(0, () -> cutAfter(turns));
                try {
                    logs.simulation.advance(16_000);
                } catch (PowerCut cut) {
                    // as planned
                }
            }
            long written = log.log.durableEnd();
            logs = logs.crash();
            log = logs.log("orders");
            assertThat(log.partition.logEndOffset()).as("what was durable is there").isGreaterThanOrEqualTo(written);
            model.tailMap(log.partition.logEndOffset(), true).clear();
        }

        private void cutAfter(int turns) {
            if (turns == 0) {
                throw new PowerCut();
            }
            logs.simulation.execute(() -> cutAfter(turns - 1));
        }

        void check() {
            log.settle();
            long cleaned = logs.cleaned(log);
            Map<Long, Boolean> fates = fates();
            List<Read> all = log.records();
            Set<Long> present = new HashSet<>();
            for (Read read : all) {
                Item item = model.get(read.offset());
                assertThat(new Put(read.key(), read.value(), read.timestamp(), read.producerId()))
                        .as("what is read at offset " + read.offset()).isEqualTo(item);
                present.add(read.offset());
            }
            assertThat(present).as("each offset once").hasSize(all.size());
            model.tailMap(Math.max(0, cleaned), true).forEach((offset, item) -> {
                if (item instanceof Put) {
                    assertThat(present).as("behind the clean point " + cleaned).contains(offset);
                }
            });
            checkLastValues(fates, present);
            checkCommitted(fates, all);
            checkProducers();
        }

        /** Whether the transaction of each record was committed; undecided ones are missing. */
        Map<Long, Boolean> fates() {
            Map<Long, Boolean> fates = new HashMap<>();
            Map<Long, List<Long>> open = new HashMap<>();
            model.forEach((offset, item) -> {
                switch (item) {
                    case Put put when put.producer() == SimulatedLogs.NO_PRODUCER -> fates.put(offset, true);
                    case Put put -> open.computeIfAbsent(put.producer(), each -> new ArrayList<>()).add(offset);
                    case End end -> {
                        List<Long> ended = open.remove(end.producer());
                        if (ended != null) {
                            ended.forEach(each -> fates.put(each, end.commit()));
                        }
                    }
                }
            });
            return fates;
        }

        void checkLastValues(Map<Long, Boolean> fates, Set<Long> present) {
            Map<String, Long> last = new HashMap<>();
            model.forEach((offset, item) -> {
                if (item instanceof Put put && fates.getOrDefault(offset, false)) {
                    last.put(put.key(), offset);
                }
            });
            last.forEach((key, offset) -> {
                boolean tombstone = model.get(offset) instanceof Put put && put.value() == null;
                if (!tombstone) {
                    assertThat(present).as("last committed value of " + key).contains(offset);
                } else if (!present.contains(offset)) {
                    assertThat(model.headMap(offset)).as("nothing older of " + key + " comes back")
                            .allSatisfy((older, item) -> assertThat(item instanceof Put put && put.key().equals(key)
                                    && fates.getOrDefault(older, false) && present.contains(older)).isFalse());
                }
            });
        }

        /** A consumer that reads what is committed gets what of that is there, below what is undecided. */
        void checkCommitted(Map<Long, Boolean> fates, List<Read> all) {
            long stable = log.partition.lastStableOffset();
            List<Read> expected = all.stream()
                    .filter(read -> read.offset() < stable && fates.getOrDefault(read.offset(), false)).toList();
            assertThat(log.committed()).isEqualTo(expected);
        }

        /** What producers wrote last is known after every restart, whatever was compacted. */
        void checkProducers() {
            Map<Long, Long> expected = new HashMap<>();
            model.forEach((offset, item) -> {
                if (item instanceof Put && item.producer() != SimulatedLogs.NO_PRODUCER) {
                    expected.put(item.producer(), offset);
                }
            });
            Map<Long, Long> known = new HashMap<>();
            log.partition.producers((producer, epoch, offset) -> {
                if (offset >= 0) {
                    known.put(producer, offset);
                }
            });
            assertThat(known).isEqualTo(expected);
        }
    }

    private static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
