// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.buffer.ByteBuf;
import io.relais.log.BatchSlice;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.LogReader;
import io.relais.log.RetainedLog;
import io.relais.log.RetainedOptions;
import io.relais.log.commit.Blocking;
import io.relais.log.commit.Fenced;
import org.jspecify.annotations.Nullable;

/**
 * A retained log in segment files, those of {@link SegmentedLog}. An append goes from the owner ({@link AppendQueue}) to the store's loop that writes ({@link RetainedWriter}), and from there to the one
 * that syncs ({@link RetainedSync}); {@link ProgressReport} tells of both.
 *
 * <p>Memory: some hundred bytes per segment, and the {@link RecentBatches} of the last one; nothing per batch. Open files are those of the pool.
 */
public final class RetainedSegments implements RetainedLog, Fenced {
    private final RetainedLogs logs;
    private final LogId id;
    private final long epoch;
    private final SegmentList segments;
    private final SegmentReader reader;
    private final SliceReader slices;
    private final ProgressReport progress;
    private final AppendQueue appends;
    private final RetainedWriter writer; // guarded by itself
    private final RetainedSync sync; // guarded by itself, after the writer where both are
    private final SegmentKeeping keeping;
    private final AtomicBoolean toBeSynced = new AtomicBoolean();
    private final AtomicBoolean delayed = new AtomicBoolean();
    private volatile RetainedOptions options;

    RetainedSegments(RetainedLogs logs, LogId id, Path folder, long epoch, RetainedOptions options,
            Progress progress, SegmentRecovery.Result found) {
        SegmentedLog.Environment environment = logs.environment;
        this.logs = logs;
        this.id = id;
        this.epoch = epoch;
        this.options = options;
        this.segments = new SegmentList(found.segments(), found.end());
        this.progress = new ProgressReport(progress, found.end());
        this.appends = new AppendQueue(found.end());
        BatchFinder finder = new BatchFinder(environment, id, segments);
        this.reader = new SegmentReader(environment, id, segments, finder);
        this.slices = new SliceReader(environment, id, segments, finder);
        boolean exists = found.segments().size() > 1 || found.segments().getLast().bytes() > 0;
        this.writer = new RetainedWriter(environment, folder, segments, exists);
        this.sync = new RetainedSync(environment, id, this.progress, folder, epoch, segments, writer, found.sealed(),
                exists && found.exact());
        this.keeping = new SegmentKeeping(environment, id, folder, segments, finder, sync);
    }

    /** Stores what recovery found out. */
    void settle(boolean manifestLost) throws IOException {
        sync.settle(manifestLost);
    }

    @Override
    public LogId id() {
        return id;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public long startOffset() {
        return segments.startOffset();
    }

    @Override
    public long nextOffset() {
        return appends.nextOffset();
    }

    @Override
    public long writtenEnd() {
        return progress.writtenEnd();
    }

    @Override
    public long durableEnd() {
        return progress.durableEnd();
    }

    @Override
    public long inFlightBytes() {
        return appends.bytes();
    }

    @Override
    public long sizeBytes() {
        long bytes = 0;
        for (Segment segment : segments.all()) {
            bytes += segment.bytes();
        }
        return bytes;
    }

    @Override
    public List<Part> parts() {
        return segments.all().stream()
                .map(part -> new Part(part.base, part.endOffset(), part.bytes(), part.maxTimestamp())).toList();
    }

    @Override
    public void options(RetainedOptions changed) {
        options = changed;
    }

    @Override
    public void roll() {
        appends.roll();
    }

    @Override
    public long append(ByteBuf batches, int count) {
        LogException death = progress.death();
        if (death != null) {
            batches.release();
            throw new LogException.WriterDead(id, death);
        }
        if (count < 1 || BatchSequence.records(batches) != count) {
            batches.release();
            throw new IllegalArgumentException("log " + id + " takes whole record batches that hold " + count
                    + " records");
        }
        long first = appends.nextOffset();
        BatchSequence.stamp(batches, first);
        if (appends.add(batches, count)) {
            logs.write(this);
        }
        return first;
    }

    /** A turn of the loop that writes. */
    void write() {
        int begun = appends.begin();
        writeWaiting();
        if (!appends.isDone(begun)) {
            logs.write(this);
        }
    }

    private void writeWaiting() {
        synchronized (writer) {
            PendingAppend first = appends.take();
            if (first == null) {
                return;
            }
            if (progress.death() == null) {
                try {
                    writer.write(first, options);
                } catch (IOException | RuntimeException | Error e) { // whatever it is, nobody may wait for ever
                    die(e);
                }
            }
            progress.written(appends.release(first));
        }
        considerSync();
    }

    private void considerSync() {
        RetainedOptions now = options;
        long unsynced = progress.writtenEnd() - progress.durableEnd();
        if (now.syncsAtOnce() || writer.hasComplete()
                || (now.flushRecords() > 0 && unsynced >= now.flushRecords())) {
            requestSync();
        } else if (now.flushMs() > 0 && delayed.compareAndSet(false, true)) {
            logs.later(now.flushMs(), () -> {
                delayed.set(false);
                requestSync();
            });
        }
    }

    private void requestSync() {
        if (toBeSynced.compareAndSet(false, true)) {
            logs.sync(this);
        }
    }

    /** The parts of a turn of the loop that syncs, in their order. */
    void beginSync() {
        toBeSynced.set(false);
        sync.step(sync::begin);
    }

    /** @param folders gets the folder that is to be synced before the last part */
    void syncFiles(Set<Path> folders) {
        sync.step(() -> {
            sync.files();
            if (sync.needsFolderNamed()) {
                folders.add(sync.parent());
            }
        });
    }

    boolean isIn(Path parent) {
        return parent.equals(sync.parent());
    }

    void finishSync() {
        sync.step(sync::finish);
    }

    void die(Throwable e) {
        sync.die(e);
    }

    @Override
    public CompletionStage<@Nullable BatchSlice> slice(long from, int maxBytes, long end) {
        return slices.slice(from, maxBytes, end);
    }

    @Override
    public CompletionStage<Long> offsetAt(long timestampMs) {
        return blocking(() -> reader.offsetAt(timestampMs));
    }

    @Override
    public CompletionStage<Void> scan(long from, LogReader.EntryVisitor visitor) {
        return blocking(() -> {
            reader.scan(from, visitor);
            return null;
        });
    }

    @Override
    public CompletionStage<Void> trim(long before) {
        return keeping.trim(before);
    }

    @Override
    public CompletionStage<Long> rewrite(long from, long end, BatchFilter filter) {
        return blocking(() -> keeping.rewrite(from, end, filter));
    }

    @Override
    public void close() {
        synchronized (writer) {
            writeWaiting();
            sync.now();
            sync.step(() -> {
                writer.flushIndexes();
                sync.finishWell();
            });
        }
        fence(new LogException.WriterDead(id, null));
    }

    @Override
    public void fence(LogException why) {
        progress.died(why);
        keeping.stop(() -> {
            writeWaiting(); // which releases it
            sync.stop();
        });
    }

    private <T extends @Nullable Object> CompletionStage<T> blocking(Callable<T> work) {
        return Blocking.on(logs.environment.io(), "log " + id, work);
    }
}
