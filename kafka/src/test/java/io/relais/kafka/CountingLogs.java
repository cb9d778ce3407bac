// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.buffer.ByteBuf;
import io.relais.log.Damage;
import io.relais.log.LogId;
import io.relais.log.LogOptions;
import io.relais.log.LogStore;
import io.relais.log.LogWriter;
import io.relais.log.RetainedLog;
import io.relais.log.RetainedOptions;
import org.jspecify.annotations.Nullable;

/** A log store that counts the retained logs that are opened. */
public final class CountingLogs implements LogStore {
    private final LogStore logs;
    private final Counter counter;

    /** How many were. */
    public static final class Counter {
        private final AtomicInteger opened = new AtomicInteger();

        public int opened() {
            return opened.get();
        }
    }

    CountingLogs(LogStore logs, Counter counter) {
        this.logs = logs;
        this.counter = counter;
    }

    @Override
    public CompletionStage<LogWriter> openAndFence(LogId id, long epoch, LogOptions options) {
        return logs.openAndFence(id, epoch, options);
    }

    @Override
    public CompletionStage<RetainedLog> openRetained(LogId id, long epoch, RetainedOptions options,
            RetainedLog.Progress progress) {
        counter.opened.incrementAndGet();
        return logs.openRetained(id, epoch, options, progress);
    }

    @Override
    public CompletionStage<Void> saveState(LogId id, ByteBuf state) {
        return logs.saveState(id, state);
    }

    @Override
    public CompletionStage<@Nullable ByteBuf> loadState(LogId id) {
        return logs.loadState(id);
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        return logs.delete(id);
    }

    @Override
    public CompletionStage<List<LogId>> list(int shard) {
        return logs.list(shard);
    }

    @Override
    public List<Damage> damages() {
        return logs.damages();
    }

    @Override
    public void close() {
        logs.close();
    }
}
