// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.relais.log.BatchReader;
import io.relais.log.Damage;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.LogOptions;
import io.relais.log.commit.Blocking;
import io.relais.log.commit.FencedWriter;
import io.relais.log.commit.GroupCommit;
import io.relais.log.disk.Disk;
import io.relais.log.disk.FilePool;
import org.jspecify.annotations.Nullable;

/**
 * A log of record batches in segment files. An appended entry is one or more whole batches whose records, counted by {@code lastOffsetDelta + 1}, add up to its count; the log stamps the base offset
 * of each and writes them as they are. After a power cut an entry of several batches that was not acknowledged may be there in part, up to the end of a batch.
 *
 * <pre>
 *  00000000000000000000.log        record batches, nothing else
 *  00000000000000000000.index      {@link OffsetIndex}
 *  00000000000000000000.timeindex  {@link TimeIndex}
 *  MANIFEST                        {@link Manifest}
 *  CHECKPOINT                      {@link Checkpoint}
 * </pre>
 *
 * <p>Thread: {@link #append}, {@link #roll} and {@link #trim} from the owner; the rest from any. Work that blocks runs on one executor.
 * <p>Memory: some hundred bytes per segment; nothing per message. Open files are those of the pool.
 */
public final class SegmentedLog implements FencedWriter, BatchReader {
    private final LogId id;
    private final long epoch;
    private final Path folder;
    private final FilePool files;
    private final Executor io;
    private final SegmentList segments;
    private final SegmentReader reader;
    private final GroupCommit commits;
    private CompletableFuture<Void> trimming = CompletableFuture.completedFuture(null);
    private final Object trimLock = new Object();
    private boolean closed; // guarded by trimLock

    /** What a log needs of its surroundings. */
    public record Environment(FilePool files, Executor io, ByteBufAllocator allocator, Consumer<Damage> damages) {}

    private SegmentedLog(Environment environment, LogId id, Path folder, long epoch, LogOptions options,
            SegmentRecovery.Result found) {
        this.id = id;
        this.epoch = epoch;
        this.folder = folder;
        this.files = environment.files();
        this.io = environment.io();
        this.segments = new SegmentList(found.segments(), found.end());
        this.reader = new SegmentReader(environment, id, segments,
                new BatchFinder(environment, id, segments));
        var sink = new SegmentSink(environment, id, folder, segments, found.sealed(), epoch, options);
        this.commits = new GroupCommit(id, io, sink, found.end());
    }

    /**
     * Recovers what is in a folder, or begins there, and stores the epoch. No other writer of the folder may be alive in this process. Blocks.
     *
     * @param folder relative to the data folder
     * @throws LogException.StaleEpoch where the stored epoch is not lower
     */
    public static SegmentedLog open(Environment environment, LogId id, Path folder, long epoch, LogOptions options)
            throws IOException {
        Disk disk = environment.files().disk();
        disk.createFolders(folder);
        KnownState known = KnownState.read(environment, id, folder);
        known.check(id, epoch);
        var rules = options.durable() ? SegmentRecovery.Rules.DURABLE : SegmentRecovery.Rules.CACHED;
        var found = new SegmentRecovery(environment, id, folder, rules, known).run();
        found.damages().forEach(environment.damages());
        Segment active = found.segments().getLast();
        var point = new Manifest.Point(active.base, active.bytes(), found.end());
        new Manifest(epoch, point, found.sealed()).write(disk, folder);
        return new SegmentedLog(environment, id, folder, epoch, options, found);
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public CompletionStage<Long> append(ByteBuf entry, int count) {
        if (BatchSequence.records(entry) != count) {
            entry.release();
            throw new IllegalArgumentException(
                    "log " + id + " takes whole record batches that hold " + count + " records");
        }
        return commits.append(entry, count);
    }

    @Override
    public long nextOffset() {
        return commits.nextOffset();
    }

    @Override
    public long inFlightBytes() {
        return commits.inFlightBytes();
    }

    @Override
    public CompletionStage<Void> roll() {
        return commits.roll();
    }

    @Override
    public CompletionStage<Void> trim(long before) {
        // one segment after the other, each durably: a hole in the middle would look like damage
        for (Segment segment : segments.removeBelow(before)) {
            trimming = trimming.thenComposeAsync(_ -> free(segment), io);
        }
        return trimming;
    }

    private CompletableFuture<Void> free(Segment segment) {
        var done = new CompletableFuture<Void>();
        segment.uses.retire(() -> {
            try {
                synchronized (trimLock) {
                    if (!closed) {
                        segment.delete(files);
                        files.disk().syncFolder(folder);
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
    public List<Part> parts() {
        return segments.all().stream().map(part -> new Part(part.base, part.endOffset(), part.bytes())).toList();
    }

    @Override
    public void onDead(Consumer<LogException> listener) {
        commits.onDead(listener);
    }

    @Override
    public long startOffset() {
        return segments.startOffset();
    }

    @Override
    public long confirmedEnd() {
        return segments.confirmedEnd();
    }

    @Override
    public CompletionStage<@Nullable Entry> read(long offset) {
        return blocking(() -> reader.read(offset));
    }

    @Override
    public CompletionStage<ByteBuf> read(long offset, int position, int length) {
        return blocking(() -> reader.read(offset, position, length));
    }

    @Override
    public CompletionStage<ByteBuf> readBatches(long from, int maxBytes) {
        return blocking(() -> reader.readBatches(from, maxBytes));
    }

    @Override
    public CompletionStage<Long> offsetAt(long timestampMs) {
        return blocking(() -> {
            long offset = reader.offsetAt(timestampMs);
            return offset < 0 ? confirmedEnd() : offset;
        });
    }

    @Override
    public CompletionStage<Void> scan(long from, EntryVisitor visitor) {
        return blocking(() -> {
            reader.scan(from, visitor);
            return null;
        });
    }

    @Override
    public void fence(LogException why) {
        commits.fence(why);
        stop();
    }

    /** Commits what waits, and closes. Blocks while the disk works. */
    @Override
    public void close() {
        commits.close();
        stop();
    }

    /** From here on nothing in the folder changes: another writer may have it. */
    private void stop() {
        synchronized (trimLock) {
            closed = true;
        }
    }

    private <T extends @Nullable Object> CompletionStage<T> blocking(Callable<T> work) {
        return Blocking.on(io, "log " + id, work);
    }
}
