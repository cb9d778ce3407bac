// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.relais.log.Damage;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.LogOptions;
import io.relais.log.LogStore;
import io.relais.log.LogWriter;
import org.jspecify.annotations.Nullable;

/** Logs that keep nothing, and say so as late as the executor lets them: for tests in which everything is served from memory. */
final class MemoryLogStore implements LogStore {
    private final Executor disk;

    MemoryLogStore(Executor disk) {
        this.disk = disk;
    }

    @Override
    public CompletionStage<LogWriter> openAndFence(LogId id, long epoch, LogOptions options) {
        return CompletableFuture.completedFuture(new Writer());
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        return finished();
    }

    @Override
    public CompletionStage<List<LogId>> list(int shard) {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public List<Damage> damages() {
        return List.of();
    }

    @Override
    public void close() {}

    private static CompletionStage<Void> finished() {
        return CompletableFuture.runAsync(() -> {
        }, Runnable::run);
    }

    private static CompletionStage<@Nullable Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    private final class Writer implements LogWriter {
        private long nextOffset;
        private long confirmedEnd;
        private long inFlightBytes;

        @Override
        public CompletionStage<Long> append(ByteBuf entry, int count) {
            long offset = nextOffset;
            nextOffset += count;
            int length = entry.readableBytes();
            inFlightBytes += length;
            CompletableFuture<Long> appended = new CompletableFuture<>();
            disk.execute(() -> {
                confirmedEnd = offset + count;
                inFlightBytes -= length;
                entry.release();
                appended.complete(offset);
            });
            return appended;
        }

        @Override
        public long nextOffset() {
            return nextOffset;
        }

        @Override
        public long inFlightBytes() {
            return inFlightBytes;
        }

        @Override
        public CompletionStage<Void> roll() {
            return finished();
        }

        @Override
        public CompletionStage<Void> trim(long before) {
            return finished();
        }

        @Override
        public List<Part> parts() {
            return List.of();
        }

        @Override
        public void onDead(Consumer<LogException> listener) {}

        @Override
        public long startOffset() {
            return 0;
        }

        @Override
        public long confirmedEnd() {
            return confirmedEnd;
        }

        @Override
        public CompletionStage<@Nullable Entry> read(long offset) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException());
        }

        @Override
        public CompletionStage<ByteBuf> read(long offset, int position, int length) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException());
        }

        @Override
        public CompletionStage<@Nullable Void> scan(long from, EntryVisitor visitor) {
            return done();
        }

        @Override
        public void close() {}
    }
}
