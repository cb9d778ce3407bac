// SPDX-License-Identifier: Apache-2.0
package io.relais.log.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.relais.log.Await;
import io.relais.log.Damage;
import io.relais.log.HandExecutor;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.LogOptions;
import io.relais.log.Seeds;
import io.relais.log.disk.Disk;
import io.relais.log.disk.DiskFile;
import io.relais.log.disk.SimulatedDisk;
import io.relais.log.disk.SimulatedDisk.Operation;
import io.relais.log.disk.UnsyncedDisk;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a journal on a disk that fails, against a map of what was appended. Whatever happens, every acknowledged entry that was not trimmed is there, once, in order, byte for
 * byte; nothing else is, but an unacknowledged tail; and what decay took is named.
 */
class JournalCrashTest {
    private static final int HISTORIES = Integer.getInteger("histories", 2000);

    @Test
    void aJournalKeepsWhatItAcknowledged() {
        Seeds.each(HISTORIES, seed -> new History(seed, false).run());
    }

    @Test
    void theCheckerCatchesADiskWhoseSyncDoesNothing() {
        assertThatThrownBy(() -> {
            for (long seed = 1; seed <= 200; seed++) {
                new History(seed, true).run();
            }
        }).isInstanceOf(AssertionError.class);
    }

    private static final class History {
        record Written(int count, byte[] bytes, CompletionStage<Long> stage) {
            boolean acknowledged() {
                return stage.toCompletableFuture().isDone() && !stage.toCompletableFuture().isCompletedExceptionally();
            }
        }

        static final LogId ID = LogId.journal(0);
        static final List<Operation> FAILING = List.of(Operation.WRITE, Operation.WRITE, Operation.SYNC, Operation.SYNC,
                Operation.OPEN, Operation.RENAME, Operation.DELETE, Operation.SYNC_FOLDER, Operation.READ);
        static final Path FOLDER = Path.of("shard-0/journal");

        final Random random;
        final boolean lying;
        final HandExecutor executor = new HandExecutor();
        final TreeMap<Long, Written> model = new TreeMap<>();
        final List<Damage> damages = new ArrayList<>();
        final List<String> steps = new ArrayList<>();
        SimulatedDisk disk;
        @Nullable
        SimulatedDisk afterCrash;
        Journal journal;
        long trimmed;
        long epoch;
        boolean decayed;

        History(long seed, boolean lying) {
            random = new Random(seed);
            this.lying = lying;
            disk = new SimulatedDisk(seed);
            journal = open();
        }

        void run() {
            try {
                int rounds = 2 + random.nextInt(40);
                for (int i = 0; i < rounds; i++) {
                    step();
                }
                restart(false);
                kill();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        e.getMessage() + "\nsteps: " + String.join(", ", steps) + "\ndamages: " + damages, e);
            }
        }

        void step() {
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3, 4, 5, 6, 7 -> append();
                case 8, 9, 10, 11 -> {
                    steps.add("run");
                    executor.runAll();
                }
                case 12 -> executor.runOne();
                case 13 -> trim();
                case 14 -> {
                    steps.add("roll");
                    journal.roll();
                }
                case 15 -> fail();
                case 16, 17 -> powerCut();
                case 18 -> restart(random.nextBoolean());
                default -> decay();
            }
        }

        void append() {
            int size = switch (random.nextInt(12)) {
                case 0 -> 1 + random.nextInt(40_000);
                case 1, 2 -> 460 + random.nextInt(20);
                default -> 1 + random.nextInt(1500);
            };
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            int count = 1 + random.nextInt(4);
            long offset = journal.nextOffset();
            steps.add("append " + offset + "+" + count + " " + size);
            model.tailMap(offset, true).clear();
            model.put(offset, new Written(count, bytes, journal.append(Unpooled.wrappedBuffer(bytes), count)));
        }

        void trim() {
            long end = journal.confirmedEnd();
            if (end > trimmed) {
                long before = trimmed + random.nextLong(end - trimmed + 1);
                steps.add("trim " + before);
                journal.trim(before);
                trimmed = before;
            }
        }

        void fail() {
            Operation operation = FAILING.get(random.nextInt(FAILING.size()));
            steps.add("fail " + operation);
            disk.fail(operation, 1 + random.nextInt(3));
        }

        /** The power goes at one of the next operations, or when they are over. */
        void powerCut() {
            steps.add("power cut");
            int[] left = {random.nextInt(8)};
            disk.onOperation(_ -> {
                if (left[0]-- == 0) {
                    afterCrash = disk.crash();
                }
            });
            int appends = random.nextInt(3);
            for (int i = 0; i < appends; i++) {
                append();
            }
            executor.runAll();
            disk.onOperation(_ -> {
            });
            if (afterCrash == null) {
                afterCrash = disk.crash();
            }
            disk = afterCrash;
            afterCrash = null;
            kill();
            reopen();
        }

        /** The process is killed, or ends well: the disk keeps all. */
        void restart(boolean clean) {
            steps.add(clean ? "close" : "kill");
            if (clean) {
                journal.close();
            } else {
                kill();
            }
            reopen();
        }

        /** Ends the process: nothing more is written. */
        void kill() {
            executor.clear();
            journal.fence(new LogException.WriterDead(ID, null));
        }

        /** Decay of what is proven durable: opening proves all that is there, closing well what came after. */
        void decay() {
            disk.heal();
            restart(false);
            append();
            steps.add("decay");
            journal.close();
            executor.runAll();
            List<Path> files = disk.files();
            Path file = files.get(random.nextInt(files.size()));
            try (DiskFile open = disk.open(file)) {
                if (open.size() > 0) {
                    decayed = true;
                    long position = random.nextLong(open.size());
                    if (random.nextInt(4) == 0) {
                        steps.add("cut " + file + " at " + position);
                        open.truncate(random.nextInt(3) == 0 ? 0 : position);
                        open.sync();
                    } else {
                        steps.add("flip " + file + " at " + position);
                        disk.flipBit(file, position, random.nextInt(8));
                    }
                }
            } catch (IOException e) {
                steps.add("no decay: " + e.getMessage());
            }
            reopen();
        }

        void reopen() {
            executor.runAll();
            journal = open();
            check();
        }

        Journal open() {
            for (int attempt = 0;; attempt++) {
                try {
                    Disk used = lying ? new UnsyncedDisk(disk) : disk;
                    var environment = new Journal.Environment(used, executor, executor, ByteBufAllocator.DEFAULT,
                            random,
                            damages::add);
                    return Journal.open(environment, ID, FOLDER, ++epoch, LogOptions.durable(16 << 10));
                } catch (IOException | LogException e) {
                    if (attempt == 4) {
                        throw new AssertionError("cannot be opened", e);
                    }
                }
            }
        }

        void check() {
            steps.add("check " + journal.startOffset() + ".." + journal.nextOffset());
            var found = new TreeMap<Long, byte[]>();
            long[] next = {journal.startOffset()};
            Await.now(executor, journal.scan(0, (offset, count, bytes) -> {
                assertThat(offset).as("offsets follow one another").isGreaterThanOrEqualTo(next[0]);
                lost(next[0], offset);
                next[0] = offset + count;
                found.put(offset, ByteBufUtil.getBytes(bytes));
            }));
            lost(next[0], journal.nextOffset());
            if (!decayed) {
                assertThat(damages).isEmpty();
            }
            for (var entry : found.entrySet()) {
                Written written = model.get(entry.getKey());
                assertThat(written).as("entry at %d was appended", entry.getKey()).isNotNull();
                assertThat(entry.getValue()).as("entry at %d", entry.getKey()).isEqualTo(written.bytes());
            }
            for (Map.Entry<Long, Written> entry : model.entrySet()) {
                long end = entry.getKey() + entry.getValue().count();
                if (entry.getValue().acknowledged() && end > trimmed && !found.containsKey(entry.getKey())) {
                    lost(entry.getKey(), end);
                }
            }
            readOne(found);
            model.keySet().retainAll(found.keySet());
            model.replaceAll((offset, written) -> new Written(written.count(), written.bytes(),
                    CompletableFuture.completedFuture(offset)));
            decayed = decayed && !damages.isEmpty();
        }

        void readOne(Map<Long, byte[]> found) {
            if (found.isEmpty()) {
                return;
            }
            List<Long> offsets = List.copyOf(found.keySet());
            long offset = offsets.get(random.nextInt(offsets.size()));
            var entry = Await.now(executor, journal.read(offset));
            assertThat(entry).isNotNull();
            assertThat(ByteBufUtil.getBytes(entry.bytes())).isEqualTo(found.get(offset));
            entry.bytes().release();
        }

        /** Entries that are not there must have been named. */
        void lost(long from, long end) {
            for (long offset = from; offset < end; offset++) {
                long missing = offset;
                assertThat(damages).as("offset %d is missing, and not named", missing).anyMatch(damage -> damage
                        .firstOffset() < 0 || (damage.firstOffset() <= missing && missing <= damage.lastOffset()));
            }
        }
    }
}
