// SPDX-License-Identifier: Apache-2.0
package io.relais.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.FileRegion;
import io.relais.log.BatchSlice;
import io.relais.log.Batches;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.RetainedLog;
import io.relais.log.RetainedOptions;
import io.relais.log.disk.RealDisk;
import io.relais.log.record.RecordBatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retained logs on a real disk, with real threads: one that appends, those of the driver, and readers. */
class RetainedLogThreadsTest {
    private static final int LOGS = 8;
    private static final int BATCHES = 400;

    @TempDir
    @Nullable
    Path folder;

    private final ExecutorService writing = Executors.newSingleThreadExecutor();
    private final ExecutorService syncing = Executors.newSingleThreadExecutor();
    private final ExecutorService io = Executors.newFixedThreadPool(2);
    private @Nullable LocalLogStore opened;

    @BeforeEach
    void open() {
        opened = new LocalLogStore(new RealDisk(folder()), new LocalLogStore.Executors(io, writing, syncing, io),
                PooledByteBufAllocator.DEFAULT, new Random(1));
    }

    @AfterEach
    void close() {
        store().close();
        List.of(writing, syncing, io).forEach(ExecutorService::close);
    }

    private Path folder() {
        return Objects.requireNonNull(folder);
    }

    private LocalLogStore store() {
        return Objects.requireNonNull(opened);
    }

    /** Completes when a log is durable up to an end; fails when it dies. */
    private static final class Until implements RetainedLog.Progress {
        final CompletableFuture<Void> durable = new CompletableFuture<>();
        private final long end;
        private long written;
        private long last;

        Until(long end) {
            this.end = end;
        }

        @Override
        public synchronized void written(long to) {
            check(to > written);
            written = to;
        }

        @Override
        public synchronized void durable(long to) {
            check(to > last && to <= written);
            last = to;
            if (to == end) {
                durable.complete(null);
            }
        }

        private void check(boolean right) {
            if (!right) {
                durable.completeExceptionally(new AssertionError("progress is out of order"));
            }
        }

        @Override
        public void died(LogException why) {
            durable.completeExceptionally(why);
        }
    }

    private RetainedLog open(int number, RetainedLog.Progress progress) {
        return store().openRetained(new LogId(0, number), 1, RetainedOptions.synced(64 << 10), progress)
                .toCompletableFuture().join();
    }

    /** Reads a log from its front until an end, and checks that offsets follow one another and each batch is sound. */
    private static long readUntil(RetainedLog log, long end) {
        Random random = new Random(log.id().number());
        long next = 0;
        while (next < end) {
            BatchSlice slice = log.slice(next, random.nextInt(40_000), log.writtenEnd()).toCompletableFuture().join();
            if (slice == null) {
                Thread.onSpinWait();
                continue;
            }
            ByteBuf bytes = slice.copy();
            for (int at = 0; at < bytes.writerIndex(); at += RecordBatch.sizeBytes(bytes, at)) {
                assertThat(RecordBatch.baseOffset(bytes, at)).isEqualTo(next);
                assertThat(RecordBatch.verify(bytes, at, bytes.writerIndex() - at)).isNull();
                next += RecordBatch.lastOffsetDelta(bytes, at) + 1;
            }
            bytes.release();
            assertThat(slice.endOffset()).isEqualTo(next);
        }
        return next;
    }

    @Test
    void readersSeeSoundBatchesInOrderWhileOthersAppendRollRewriteAndSync() {
        Random random = new Random(7);
        List<Until> progress = new ArrayList<>();
        List<RetainedLog> logs = new ArrayList<>();
        List<CompletableFuture<Long>> readers = new ArrayList<>();
        List<CompletableFuture<Long>> rewrites = new ArrayList<>();
        try (ExecutorService reading = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < LOGS; i++) {
                progress.add(new Until(BATCHES));
                RetainedLog log = open(i + 1, progress.get(i));
                logs.add(log);
                readers.add(CompletableFuture.supplyAsync(() -> readUntil(log, BATCHES), reading));
            }
            for (int batch = 0; batch < BATCHES; batch++) {
                for (RetainedLog log : logs) {
                    byte[] records = new byte[random.nextInt(10) == 0 ? 20_000 : 1 + random.nextInt(900)];
                    random.nextBytes(records);
                    ByteBuf bytes = Batches.batch(1, batch, records);
                    log.append(PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(bytes), 1);
                    List<RetainedLog.Part> parts = log.parts();
                    if (batch % 100 == 99 && parts.size() > 2) {
                        rewrites.add(log.rewrite(parts.getFirst().firstOffset(), parts.get(1).endOffset(),
                                each -> each).toCompletableFuture());
                    }
                }
            }
            progress.forEach(each -> each.durable.join());
            assertThat(readers).allSatisfy(reader -> assertThat(reader.join()).isEqualTo(BATCHES));
            assertThat(rewrites).isNotEmpty().allSatisfy(rewrite -> assertThat(rewrite.join()).isPositive());
        }
        assertThat(store().damages()).isEmpty();
        store().close();
        open();
        for (RetainedLog log : logs) {
            RetainedLog again = store().openRetained(log.id(), 2, RetainedOptions.synced(64 << 10), new Until(-1))
                    .toCompletableFuture().join();
            assertThat(again.nextOffset()).isEqualTo(BATCHES);
            assertThat(again.parts()).isEqualTo(log.parts());
            assertThat(readUntil(again, BATCHES)).isEqualTo(BATCHES);
        }
    }

    @Test
    void aSliceIsAFileRegionThatOutlivesTheLog() throws IOException {
        Until until = new Until(2);
        RetainedLog log = open(1, until);
        ByteBuf batch = Batches.batch(1, 5, new byte[100]);
        ByteBuf expected = Unpooled.copiedBuffer(batch, batch);
        RecordBatch.baseOffset(expected, batch.readableBytes(), 1);
        log.append(expected.retainedDuplicate(), 2);
        until.durable.join();

        BatchSlice slice = log.slice(0, 10_000, 2).toCompletableFuture().join();
        assertThat(slice).isNotNull();
        FileRegion region = (FileRegion) slice.take();
        store().delete(log.id()).toCompletableFuture().join();
        var sent = new ByteArrayOutputStream();
        region.transferTo(Channels.newChannel(sent), 0);

        assertThat(region.count()).isEqualTo(expected.readableBytes());
        assertThat(Unpooled.wrappedBuffer(sent.toByteArray())).isEqualTo(expected);
        assertThat(region.release()).isTrue();
    }
}
