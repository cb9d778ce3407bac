// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A retained log in segment files, those of {@link SegmentedLog}. An append goes from the owner to the store's loop that writes ({@link RetainedWriter}), and from there to the one that syncs
 * ({@link RetainedSync}); {@link ProgressReport} tells of both.
 *
 * <p>Memory: some hundred bytes per segment, and the {@link RecentBatches} of the last one; nothing per batch. Open files are those of the pool.
 */
public final class RetainedSegments implements RetainedLog, Fenced {
    private static final Logger LOG = LoggerFactory.getLogger(RetainedSegments.class);

    private final RetainedLogs logs;
    private final LogId id;
    private final Path folder;
    private final long epoch;
    private final SegmentList segments;
    private final SegmentReader reader;
    private final BatchFinder finder;
    private final SliceReader slices;
    private final ProgressReport progress;

    private final AtomicReference<@Nullable PendingAppend> waiting = new AtomicReference<>();
    private final AtomicInteger unwritten = new AtomicInteger();
    private final AtomicLong inFlightBytes = new AtomicLong();
    private final AtomicBoolean toBeSynced = new AtomicBoolean();
    private final AtomicBoolean delayed = new AtomicBoolean();
    private volatile RetainedOptions options;

    // the owner's
    private volatile long nextOffset;
    private boolean newFile;

    private final RetainedWriter writer; // guarded by itself
    private final RetainedSync sync; // guarded by itself, after the writer where both are
    private boolean closed; // guarded by sync
    private final Object rewriting = new Object(); // held while one runs; before the others
    private volatile boolean stopped;
    private CompletableFuture<Void> freeing = CompletableFuture.completedFuture(null); // guarded by this

    RetainedSegments(RetainedLogs logs, LogId id, Path folder, long epoch, RetainedOptions options,
            Progress progress, SegmentRecovery.Result found) {
        this.logs = logs;
        this.id = id;
        this.folder = folder;
        this.epoch = epoch;
        this.options = options;
        this.segments = new SegmentList(found.segments(), found.end());
        this.finder = new BatchFinder(logs.environment, id, segments);
        this.reader = new SegmentReader(logs.environment, id, segments, finder);
        this.slices = new SliceReader(logs.environment, id, segments, finder);
        this.progress = new ProgressReport(progress, found.end());
        this.nextOffset = found.end();
        boolean exists = found.segments().size() > 1 || found.segments().getLast().bytes() > 0;
        this.writer = new RetainedWriter(logs.environment, folder, segments, exists);
        this.sync = new RetainedSync(logs.environment, folder, epoch, segments, writer, found.sealed(),
                exists && found.exact());
    }

    /** Stores what recovery found out. */
    void settle() throws IOException {
        synchronized (sync) {
            sync.settle();
        }
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
        return nextOffset;
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
        return inFlightBytes.get();
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
        newFile = true;
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
        long first = nextOffset;
        BatchSequence.stamp(batches, first);
        inFlightBytes.addAndGet(batches.readableBytes());
        PendingAppend append = new PendingAppend(batches, first + count, newFile);
        newFile = false;
        nextOffset = append.endOffset;
        do {
            append.next = waiting.get();
        } while (!waiting.compareAndSet(append.next, append));
        if (unwritten.getAndIncrement() == 0) {
            logs.write(this);
        }
        return first;
    }

    /** A turn of the loop that writes. */
    void write() {
        int seen = unwritten.get();
        synchronized (writer) {
            writeWaiting();
        }
        if (unwritten.addAndGet(-seen) != 0) {
            logs.write(this);
        }
    }

    private void writeWaiting() {
        PendingAppend first = PendingAppend.inOrder(waiting.getAndSet(null));
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
        long end = 0;
        long bytes = 0;
        for (PendingAppend append = first; append != null; append = append.next) {
            end = append.endOffset;
            bytes += append.bytes();
            append.batches.release();
        }
        inFlightBytes.addAndGet(-bytes);
        progress.written(end);
        considerSync();
    }

    private void considerSync() {
        RetainedOptions now = options;
        long waitingRecords = progress.writtenEnd() - progress.durableEnd();
        if (now.syncsAtOnce() || writer.hasComplete()
                || (now.flushRecords() > 0 && waitingRecords >= now.flushRecords())) {
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
        syncStep(sync::begin);
    }

    /** @param folders gets the folder that is to be synced before the last part */
    void syncFiles(Set<Path> folders) {
        syncStep(() -> {
            sync.files();
            if (sync.needsFolderNamed()) {
                folders.add(sync.parent());
            }
        });
    }

    void finishSync() {
        syncStep(() -> progress.durable(sync.finish()));
    }

    private interface Step {
        void run() throws IOException;
    }

    private void syncStep(Step step) {
        synchronized (sync) {
            if (progress.death() == null && !closed) {
                try {
                    step.run();
                } catch (IOException | RuntimeException | Error e) { // whatever it is, nobody may wait for ever
                    die(e);
                }
            }
        }
    }

    boolean isIn(Path parent) {
        return parent.equals(sync.parent());
    }

    void die(Throwable e) {
        progress.died(e instanceof LogException known ? known : new LogException.Io("log " + id, e));
    }

    @Override
    public CompletionStage<@Nullable BatchSlice> slice(long from, int maxBytes, long end) {
        return slices.slice(from, maxBytes, end);
    }

    @Override
    public CompletionStage<Long> offsetAt(long timestampMs) {
        return blocking(() -> {
            long offset = reader.offsetAt(timestampMs);
            return offset == segments.confirmedEnd() ? -1 : offset;
        });
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
        CompletionStage<Void> last = freeing();
        for (Segment segment : segments.removeFront(each -> each.isSealed() && each.endOffset() <= before)) {
            last = freeLater(segment, () -> sync.freed(segment.endOffset()));
        }
        return last;
    }

    private synchronized CompletionStage<Void> freeing() {
        return freeing;
    }

    /** Deletes one segment after the other, each durably: a hole in the middle would look like damage. */
    private synchronized CompletionStage<Void> freeLater(Segment segment, Runnable whenFreed) {
        freeing = freeing.thenComposeAsync(_ -> free(segment, whenFreed), logs.environment.io());
        return freeing;
    }

    private CompletableFuture<Void> free(Segment segment, Runnable whenFreed) {
        var done = new CompletableFuture<Void>();
        segment.uses.retire(() -> {
            try {
                synchronized (sync) {
                    if (!closed) {
                        segment.delete(logs.environment.files());
                        logs.environment.files().disk().syncFolder(folder);
                        whenFreed.run();
                    }
                }
                done.complete(null);
            } catch (IOException e) {
                done.completeExceptionally(new LogException.Io("log " + id, e));
            }
        });
        return done;
    }

    @Override
    public CompletionStage<Long> rewrite(long from, long end, BatchFilter filter) {
        return blocking(() -> {
            synchronized (rewriting) {
                return rewriteNow(from, end, filter);
            }
        });
    }

    private long rewriteNow(long from, long end, BatchFilter filter) throws IOException {
        List<Segment> sources = segments.between(from, end);
        if (sources.isEmpty() || end - from > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "log " + id + " has no complete files that take the offsets from " + from + " to " + end);
        }
        seal(sources);
        Segment fresh = new Segment(logs.environment.files(), folder, from,
                1 + sources.stream().mapToInt(source -> source.generation).max().orElse(0));
        List<Segment> used = sources.stream().filter(source -> source.uses.acquire()).toList();
        try {
            if (used.size() < sources.size()) {
                throw new LogException.Trimmed(id, from, segments.startOffset());
            }
            SegmentRewrite.run(logs.environment, new LogException.WriterDead(id, progress.death()), finder, sources,
                    fresh, filter, () -> stopped);
            replace(sources, fresh);
        } catch (IOException | RuntimeException | Error e) {
            fresh.delete(logs.environment.files());
            throw e;
        } finally {
            used.forEach(source -> source.uses.release());
        }
        checkAlive(); // where the manifest could not be written nobody knows which files count: they all stay
        return fresh.bytes();
    }

    /** Syncs complete segments that were not yet. */
    private void seal(List<Segment> complete) {
        if (!complete.stream().allMatch(Segment::isSealed)) {
            syncStep(() -> {
                sync.all();
                progress.durable(sync.finish());
            });
        }
        checkAlive();
    }

    private void checkAlive() {
        if (progress.death() != null) {
            throw new LogException.WriterDead(id, progress.death());
        }
    }

    private void replace(List<Segment> sources, Segment fresh) {
        synchronized (sync) {
            checkAlive();
            if (!segments.replace(sources, fresh)) {
                throw new LogException.Trimmed(id, fresh.base, segments.startOffset());
            }
            syncStep(() -> sync.replace(sources, fresh));
        }
        if (progress.death() == null) {
            sources.forEach(source -> freeLater(source, () -> {
            }));
        }
    }

    @Override
    public void fence(LogException why) {
        progress.died(why);
        stop();
    }

    @Override
    public void close() {
        synchronized (writer) {
            writeWaiting();
            synchronized (sync) {
                if (progress.death() == null && !closed) {
                    try {
                        sync.all();
                        progress.durable(sync.finish());
                        writer.flushIndexes();
                        sync.finishWell();
                    } catch (IOException e) {
                        LOG.warn("log {}: closed, but its end could not be synced: {}", id, e.getMessage());
                        die(e);
                    }
                }
            }
        }
        fence(new LogException.WriterDead(id, null));
    }

    /** From here on nothing in the folder changes: another writer may have it. */
    private void stop() {
        stopped = true;
        synchronized (rewriting) { // a rewrite ends at its next batch
            synchronized (writer) {
                writeWaiting();
                synchronized (sync) {
                    closed = true;
                }
            }
        }
    }

    private <T extends @Nullable Object> CompletionStage<T> blocking(Callable<T> work) {
        return Blocking.on(logs.environment.io(), "log " + id, work);
    }
}
