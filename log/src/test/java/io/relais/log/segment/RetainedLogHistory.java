// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.relais.log.Await;
import io.relais.log.BatchSlice;
import io.relais.log.Batches;
import io.relais.log.Damage;
import io.relais.log.HandExecutor;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.RetainedLog;
import io.relais.log.RetainedOptions;
import io.relais.log.disk.DiskFile;
import io.relais.log.disk.FilePool;
import io.relais.log.disk.SimulatedDisk;
import io.relais.log.disk.SimulatedDisk.Operation;
import io.relais.log.disk.UnsyncedDisk;
import io.relais.log.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/** One random history of a retained log, and its checker. */
final class RetainedLogHistory {
    private static final LogId ID = new LogId(0, 1);
    private static final Path FOLDER = Path.of("shard-0/log-1");
    private static final List<Operation> FAILING = List.of(Operation.WRITE, Operation.WRITE, Operation.SYNC,
            Operation.SYNC, Operation.OPEN, Operation.RENAME, Operation.DELETE, Operation.SYNC_FOLDER, Operation.READ);

    private final Random random;
    private final boolean lying;
    private final HandExecutor writing = new HandExecutor();
    private final HandExecutor syncing = new HandExecutor();
    private final HandExecutor io = new HandExecutor();
    private final RetainedLogModel model = new RetainedLogModel();
    private final List<Damage> damages = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();
    private SimulatedDisk disk;
    private @Nullable SimulatedDisk afterCrash;
    private RetainedSegments log;
    private Reports reports = new Reports(0);
    private long trimmed;
    private long epoch;
    private int rewrites;
    private boolean decayed;

    /** Follows one writer of the log. */
    private static final class Reports implements RetainedLog.Progress {
        long written;
        long durable;
        boolean dead;

        Reports(long end) {
            written = end;
            durable = end;
        }

        @Override
        public void written(long end) {
            assertThat(end).isGreaterThan(written);
            assertThat(dead).isFalse();
            written = end;
        }

        @Override
        public void durable(long end) {
            assertThat(end).isGreaterThan(durable).isLessThanOrEqualTo(written);
            assertThat(dead).isFalse();
            durable = end;
        }

        @Override
        public void died(LogException why) {
            assertThat(dead).isFalse();
            dead = true;
        }
    }

    RetainedLogHistory(long seed, boolean lying) {
        random = new Random(seed);
        this.lying = lying;
        disk = new SimulatedDisk(seed);
        log = open();
    }

    void run() {
        try {
            int rounds = 2 + random.nextInt(50);
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

    private void step() {
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> append();
            case 8, 9, 10 -> {
                steps.add("run");
                runAll();
            }
            case 11, 12, 13 -> {
                steps.add("run one");
                runOne();
            }
            case 14 -> trim();
            case 15 -> {
                steps.add("roll");
                log.roll();
            }
            case 16 -> fail();
            case 17, 18 -> powerCut();
            case 19 -> restart(random.nextBoolean());
            case 20, 21, 22 -> rewrite();
            default -> decay();
        }
    }

    private boolean runOne() {
        return switch (random.nextInt(3)) {
            case 0 -> writing.runOne() || syncing.runOne() || io.runOne();
            case 1 -> syncing.runOne() || io.runOne() || writing.runOne();
            default -> io.runOne() || writing.runOne() || syncing.runOne();
        };
    }

    private void runAll() {
        while (runOne()) {
            // the next one
        }
    }

    private void append() {
        int batches = 1 + random.nextInt(3);
        ByteBuf entry = Unpooled.buffer();
        List<byte[]> parts = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        int total = 0;
        for (int i = 0; i < batches; i++) {
            byte[] records = new byte[random.nextInt(12) == 0 ? random.nextInt(11_000) : 1 + random.nextInt(700)];
            random.nextBytes(records);
            int count = 1 + random.nextInt(4);
            ByteBuf batch = Batches.batch(count, random.nextInt(1000), records);
            parts.add(ByteBufUtil.getBytes(batch));
            counts.add(count);
            entry.writeBytes(batch);
            total += count;
        }
        steps.add("append " + log.nextOffset() + "+" + total + " " + entry.readableBytes());
        try {
            long offset = log.append(entry, total);
            for (int i = 0; i < batches; i++) {
                model.append(offset, counts.get(i), parts.get(i));
                offset += counts.get(i);
            }
        } catch (LogException.WriterDead e) {
            steps.add("dead");
        }
    }

    private void trim() {
        long end = log.writtenEnd();
        if (end > trimmed) {
            long before = trimmed + random.nextLong(end - trimmed + 1);
            steps.add("trim " + before);
            log.trim(before);
            trimmed = Math.max(trimmed, before);
        }
    }

    private void rewrite() {
        List<RetainedLog.Part> parts = log.parts();
        if (parts.size() < 2) {
            return;
        }
        int first = random.nextInt(parts.size() - 1);
        int last = first + random.nextInt(Math.min(3, parts.size() - 1 - first));
        int rewrite = ++rewrites;
        int salt = random.nextInt();
        steps.add("rewrite " + parts.get(first).firstOffset() + ".." + parts.get(last).endOffset());
        CompletionStage<Long> stage = log.rewrite(parts.get(first).firstOffset(), parts.get(last).endOffset(),
                batch -> filter(batch, rewrite, salt));
        stage.whenComplete((_, e) -> {
            if (e == null) {
                model.rewriteIsComplete(rewrite);
            } else {
                steps.add("not rewritten: " + e);
            }
        });
        // one at a time: the model does not know two rewrites of one batch
        int steps = random.nextInt(4) == 0 ? random.nextInt(2) : Integer.MAX_VALUE;
        for (int i = 0; i < steps && !stage.toCompletableFuture().isDone() && runOne(); i++) {
            // the next one
        }
        if (!stage.toCompletableFuture().isDone() || reports.dead) {
            restart(false);
        } else {
            check();
        }
    }

    private @Nullable ByteBuf filter(ByteBuf batch, int rewrite, int salt) {
        long offset = RecordBatch.baseOffset(batch, batch.readerIndex());
        int choice = Math.floorMod((offset + salt) * 31, 5);
        if (choice < 2) {
            return batch;
        }
        byte[] changed = null;
        int last = RecordBatch.lastOffsetDelta(batch, batch.readerIndex());
        if (choice == 2) {
            changed = ByteBufUtil
                    .getBytes(Batches.batch(last + 1, 7, new byte[]{(byte) rewrite, (byte) (rewrite >> 8)}));
        }
        model.rewritten(offset, rewrite, changed);
        return changed == null ? null : Unpooled.wrappedBuffer(changed);
    }

    private void fail() {
        Operation operation = FAILING.get(random.nextInt(FAILING.size()));
        steps.add("fail " + operation);
        disk.fail(operation, 1 + random.nextInt(3));
    }

    /** The power goes at one of the next operations, or when they are over. */
    private void powerCut() {
        steps.add("power cut");
        int[] left = {random.nextInt(20)};
        disk.onOperation(_ -> {
            if (left[0]-- == 0) {
                afterCrash = disk.crash();
            }
        });
        int appends = random.nextInt(3);
        for (int i = 0; i < appends; i++) {
            append();
        }
        if (random.nextBoolean()) {
            rewriteUntilTheCut();
        }
        runAll();
        disk.onOperation(_ -> {
        });
        if (afterCrash == null) {
            afterCrash = disk.crash();
        }
        disk = afterCrash;
        afterCrash = null;
        kill();
        reopen(false);
    }

    private void rewriteUntilTheCut() {
        List<RetainedLog.Part> parts = log.parts();
        if (parts.size() > 1) {
            int rewrite = ++rewrites;
            int salt = random.nextInt();
            steps.add("rewrite in the cut");
            log.rewrite(parts.getFirst().firstOffset(), parts.get(parts.size() - 2).endOffset(),
                    batch -> filter(batch, rewrite, salt)).thenAccept(_ -> model.rewriteIsComplete(rewrite));
        }
    }

    /** The process is killed, or ends well: the disk keeps all. */
    private void restart(boolean clean) {
        steps.add(clean ? "close" : "kill");
        if (clean) {
            log.close();
        } else {
            kill();
        }
        reopen(true);
    }

    /** Ends the process: nothing more is written. */
    private void kill() {
        writing.clear();
        syncing.clear();
        io.clear();
        log.fence(new LogException.WriterDead(ID, null));
    }

    /** Decay of what is proven durable: closing well proves all that is there. */
    private void decay() {
        disk.heal();
        restart(false);
        append();
        runAll();
        log.close();
        runAll();
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
        reopen(false);
    }

    /** @param keepsWritten whether what was written is there, durable or not */
    private void reopen(boolean keepsWritten) {
        runAll();
        Reports before = reports;
        log = open();
        if (!decayed) {
            assertThat(log.nextOffset()).as("the end of what was durable").isGreaterThanOrEqualTo(before.durable);
            if (keepsWritten) {
                assertThat(log.nextOffset()).as("the end of what was written").isGreaterThanOrEqualTo(before.written);
            }
        }
        check();
    }

    private RetainedSegments open() {
        for (int attempt = 0;; attempt++) {
            try {
                var files = new FilePool(lying ? new UnsyncedDisk(disk) : disk, 4);
                var environment = new SegmentedLog.Environment(files, io, ByteBufAllocator.DEFAULT, damages::add);
                var logs = new RetainedLogs(environment, writing, syncing, (_, task) -> syncing.execute(task),
                        random.nextBoolean() ? 1 : 2);
                var options = new RetainedOptions(12 << 10, 1024, random.nextBoolean() ? 0 : 9,
                        random.nextBoolean() ? 0 : 1);
                Reports fresh = new Reports(0);
                RetainedSegments opened = logs.open(ID, FOLDER, ++epoch, options, fresh);
                fresh.written = opened.writtenEnd();
                fresh.durable = opened.durableEnd();
                reports = fresh;
                return opened;
            } catch (IOException | LogException e) {
                if (attempt == 4) {
                    throw new AssertionError("cannot be opened", e);
                }
            }
        }
    }

    private void check() {
        steps.add("check " + log.startOffset() + ".." + log.writtenEnd());
        disk.heal();
        var found = new TreeMap<Long, byte[]>();
        var counts = new TreeMap<Long, Integer>();
        long[] next = {log.startOffset()};
        assertThat(log.startOffset()).as("nothing above was trimmed").isLessThanOrEqualTo(trimmed);
        Await.now(io, log.scan(0, (offset, count, bytes) -> {
            assertThat(offset).as("offsets follow one another").isGreaterThanOrEqualTo(next[0]);
            lost(next[0], offset);
            next[0] = offset + count;
            found.put(offset, ByteBufUtil.getBytes(bytes));
            counts.put(offset, count);
        }));
        lost(next[0], log.writtenEnd());
        if (!decayed) {
            assertThat(damages).isEmpty();
        }
        var unwritten = new TreeMap<>(model.batches().tailMap(log.writtenEnd(), true));
        boolean alive = log.nextOffset() > log.writtenEnd();
        model.check(found, log.startOffset());
        if (alive) {
            model.batches().putAll(unwritten);
        }
        sliceEach(found, counts);
        decayed = decayed && !damages.isEmpty();
    }

    /** Any batch is found by any of its offsets, and batch follows batch up to the bounds. */
    private void sliceEach(Map<Long, byte[]> found, Map<Long, Integer> counts) {
        for (long base : found.keySet()) {
            long offset = base + random.nextInt(counts.getOrDefault(base, 1));
            int maxBytes = random.nextInt(3000);
            long end = random.nextInt(3) == 0 ? offset + 1 + random.nextInt(20) : Long.MAX_VALUE;
            BatchSlice slice;
            try {
                slice = Await.now(io, log.slice(offset, maxBytes, end));
            } catch (LogException.Damaged e) {
                assertThat(decayed).isTrue();
                continue;
            }
            long at = base;
            int size = 0;
            if (slice != null) {
                ByteBuf bytes = slice.copy();
                while (bytes.isReadable() && !decayed) {
                    byte[] expected = found.get(at);
                    assertThat(expected).as("slice from %d at %d", offset, at).isNotNull();
                    assertThat(ByteBufUtil.getBytes(bytes.readSlice(expected.length))).isEqualTo(expected);
                    size += expected.length;
                    at += counts.getOrDefault(at, 1);
                }
                bytes.release();
                assertThat(decayed || at == slice.endOffset()).isTrue();
                assertThat(decayed || at <= end).isTrue();
                assertThat(decayed || size <= maxBytes || size == found.getOrDefault(base, new byte[0]).length)
                        .isTrue();
            } else {
                assertThat(decayed || base + counts.getOrDefault(base, 1) > end).isTrue();
            }
        }
    }

    /** Batches that are not there must have been named. */
    private void lost(long from, long end) {
        for (long offset = from; offset < end; offset++) {
            long missing = offset;
            assertThat(damages).as("offset %d is missing, and not named", missing).anyMatch(damage -> damage
                    .firstOffset() < 0 || (damage.firstOffset() <= missing && missing <= damage.lastOffset()));
        }
    }
}
