// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.relais.log.Await;
import io.relais.log.Batches;
import io.relais.log.Damage;
import io.relais.log.HandExecutor;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.LogOptions;
import io.relais.log.Seeds;
import io.relais.log.disk.DiskFile;
import io.relais.log.disk.FilePool;
import io.relais.log.disk.SimulatedDisk;
import io.relais.log.disk.SimulatedDisk.Operation;
import io.relais.log.disk.UnsyncedDisk;
import io.relais.log.record.RecordBatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a segmented log on a disk that fails, against a map of its batches. Whatever happens, every acknowledged batch that was not trimmed is there, once, in order, byte for byte;
 * nothing else is, but an unacknowledged tail; and what decay took is named.
 */
class SegmentedLogCrashTest {
    private static final int HISTORIES = Integer.getInteger("histories", 1000);

    @Test
    void aLogKeepsWhatItAcknowledged() {
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
        record Written(int count, byte[] batch, CompletionStage<Long> stage) {
            boolean acknowledged() {
                return stage.toCompletableFuture().isDone() && !stage.toCompletableFuture().isCompletedExceptionally();
            }
        }

        static final LogId ID = new LogId(0, 1);
        static final List<Operation> FAILING = List.of(Operation.WRITE, Operation.WRITE, Operation.SYNC, Operation.SYNC,
                Operation.OPEN, Operation.RENAME, Operation.DELETE, Operation.SYNC_FOLDER, Operation.READ);
        static final Path FOLDER = Path.of("shard-0/log-1");

        final Random random;
        final boolean lying;
        final HandExecutor executor = new HandExecutor();
        final TreeMap<Long, Written> model = new TreeMap<>();
        final List<Damage> damages = new ArrayList<>();
        final List<String> steps = new ArrayList<>();
        SimulatedDisk disk;
        @Nullable
        SimulatedDisk afterCrash;
        SegmentedLog log;
        long trimmed;
        long epoch;
        boolean decayed;

        History(long seed, boolean lying) {
            random = new Random(seed);
            this.lying = lying;
            disk = new SimulatedDisk(seed);
            log = open();
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
                    log.roll();
                }
                case 15 -> fail();
                case 16, 17 -> powerCut();
                case 18 -> restart(random.nextBoolean());
                default -> decay();
            }
        }

        void append() {
            int batches = 1 + random.nextInt(3);
            ByteBuf entry = Unpooled.buffer();
            List<Written> parts = new ArrayList<>();
            int total = 0;
            for (int i = 0; i < batches; i++) {
                byte[] records = new byte[random.nextInt(12) == 0 ? random.nextInt(9000) : random.nextInt(700)];
                random.nextBytes(records);
                int count = 1 + random.nextInt(4);
                ByteBuf batch = Batches.batch(count, random.nextInt(1000), records);
                entry.writeBytes(batch, batch.readerIndex(), batch.readableBytes());
                parts.add(new Written(count, ByteBufUtil.getBytes(batch),
                        CompletableFuture.failedFuture(new IllegalStateException())));
                total += count;
            }
            long offset = log.nextOffset();
            steps.add("append " + offset + "+" + total + " " + entry.readableBytes());
            model.tailMap(offset, true).clear();
            CompletionStage<Long> stage = log.append(entry, total);
            for (Written part : parts) {
                model.put(offset, new Written(part.count(), part.batch(), stage));
                offset += part.count();
            }
        }

        void trim() {
            long end = log.confirmedEnd();
            if (end > trimmed) {
                long before = trimmed + random.nextLong(end - trimmed + 1);
                steps.add("trim " + before);
                log.trim(before);
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
            int[] left = {random.nextInt(12)};
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
                log.close();
            } else {
                kill();
            }
            reopen();
        }

        /** Ends the process: nothing more is written. */
        void kill() {
            executor.clear();
            log.fence(new LogException.WriterDead(ID, null));
        }

        /** Decay of what is proven durable: opening proves all that is there, closing well what came after. */
        void decay() {
            disk.heal();
            restart(false);
            append();
            executor.runAll();
            steps.add("decay");
            log.close();
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
            log = open();
            check();
        }

        SegmentedLog open() {
            for (int attempt = 0;; attempt++) {
                try {
                    FilePool files = new FilePool(lying ? new UnsyncedDisk(disk) : disk, 4);
                    var environment = new SegmentedLog.Environment(files, executor, ByteBufAllocator.DEFAULT,
                            damages::add);
                    return SegmentedLog.open(environment, ID, FOLDER, ++epoch, LogOptions.durable(12 << 10));
                } catch (IOException | LogException e) {
                    if (attempt == 4) {
                        throw new AssertionError("cannot be opened", e);
                    }
                }
            }
        }

        void check() {
            steps.add("check " + log.startOffset() + ".." + log.nextOffset());
            disk.heal();
            var found = new TreeMap<Long, byte[]>();
            long[] next = {log.startOffset()};
            Await.now(executor, log.scan(0, (offset, count, bytes) -> {
                assertThat(offset).as("offsets follow one another").isGreaterThanOrEqualTo(next[0]);
                lost(next[0], offset);
                next[0] = offset + count;
                found.put(offset, ByteBufUtil.getBytes(bytes));
            }));
            lost(next[0], log.nextOffset());
            if (!decayed) {
                assertThat(damages).isEmpty();
            }
            for (var entry : found.entrySet()) {
                Written written = model.get(entry.getKey());
                assertThat(written).as("batch at %d was appended", entry.getKey()).isNotNull();
                assertThat(isSame(entry.getValue(), written.batch(), entry.getKey())).as("batch at %d", entry.getKey())
                        .isTrue();
            }
            for (Map.Entry<Long, Written> entry : model.entrySet()) {
                long end = entry.getKey() + entry.getValue().count();
                if (entry.getValue().acknowledged() && end > trimmed && !found.containsKey(entry.getKey())) {
                    lost(entry.getKey(), end);
                }
            }
            readEach(found);
            model.keySet().retainAll(found.keySet());
            model.replaceAll((offset, written) -> new Written(written.count(), written.batch(),
                    CompletableFuture.completedFuture(offset)));
            decayed = decayed && !damages.isEmpty();
        }

        /** Equal but for the offset that the log stamps, and the leader epoch, which no checksum covers. */
        static boolean isSame(byte[] found, byte[] appended, long offset) {
            ByteBuf expected = Unpooled.copiedBuffer(appended);
            RecordBatch.baseOffset(expected, 0, offset);
            expected.setBytes(RecordBatch.LEADER_EPOCH, found, RecordBatch.LEADER_EPOCH, Integer.BYTES);
            return expected.equals(Unpooled.wrappedBuffer(found));
        }

        /** Any batch is found by any of its offsets, and batch follows batch. */
        void readEach(Map<Long, byte[]> found) {
            for (var batch : found.entrySet()) {
                int count = model.getOrDefault(batch.getKey(), new Written(1, new byte[0], new CompletableFuture<>()))
                        .count();
                long offset = batch.getKey() + random.nextInt(count);
                if (random.nextBoolean()) {
                    var entry = Await.now(executor, log.read(offset));
                    assertThat(entry).isNotNull();
                    assertThat(entry.offset()).isEqualTo(batch.getKey());
                    assertThat(Arrays.equals(ByteBufUtil.getBytes(entry.bytes()), batch.getValue())).isTrue();
                    entry.bytes().release();
                } else {
                    ByteBuf bytes = Await.now(executor, log.readBatches(offset, random.nextInt(3000)));
                    assertThat(bytes.readableBytes()).isGreaterThanOrEqualTo(batch.getValue().length);
                    for (long at = batch.getKey(); bytes.isReadable();) {
                        byte[] expected = found.get(at);
                        assertThat(expected).isNotNull();
                        assertThat(Arrays.equals(ByteBufUtil.getBytes(bytes.readSlice(expected.length)), expected))
                                .isTrue();
                        at += model.getOrDefault(at, new Written(1, new byte[0], new CompletableFuture<>())).count();
                    }
                    bytes.release();
                }
            }
        }

        /** Batches that are not there must have been named. */
        void lost(long from, long end) {
            for (long offset = from; offset < end; offset++) {
                long missing = offset;
                assertThat(damages).as("offset %d is missing, and not named", missing).anyMatch(damage -> damage
                        .firstOffset() < 0 || (damage.firstOffset() <= missing && missing <= damage.lastOffset()));
            }
        }
    }
}
