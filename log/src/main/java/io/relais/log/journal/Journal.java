// SPDX-License-Identifier: Apache-2.0
package io.relais.log.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.relais.log.Damage;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.LogOptions;
import io.relais.log.commit.Blocking;
import io.relais.log.commit.FencedWriter;
import io.relais.log.commit.GroupCommit;
import io.relais.log.disk.Disk;
import io.relais.log.disk.SmallFile;
import org.jspecify.annotations.Nullable;

/**
 * A log in preallocated, recycled files with group commit. Its entries are opaque; {@link Frame} and {@link FileHeader} draw the files, {@link JournalFolder} their names.
 *
 * <p>Thread: {@link #append}, {@link #roll} and {@link #trim} from the owner; the rest from any. Groups are written on one executor; files are made, trimmed and read on the other.
 * <p>Memory: one write buffer of 1 MiB; 20 bytes per entry on the disk; one small object per append that waits.
 * <p>Bounds: the owner bounds what waits by {@link #inFlightBytes}, and what is on the disk by {@link #parts} and {@link #trim}.
 */
public final class Journal implements FencedWriter {
    private final LogId id;
    private final long epoch;
    private final boolean durable;
    private final JournalFolder folder;
    private final JournalFiles files;
    private final EntryReader reader;
    private final GroupCommit commits;
    private final Executor io;
    private CompletableFuture<Void> trimming = CompletableFuture.completedFuture(null);

    /** What a journal needs of its surroundings. */
    public record Environment(Disk disk, Executor commits, Executor io, ByteBufAllocator allocator,
            RandomGenerator random, Consumer<Damage> damages) {}

    private Journal(Environment environment, LogId id, long epoch, LogOptions options, JournalFolder folder,
            JournalFiles files, JournalFile active, List<Damage> lost) {
        this.id = id;
        this.epoch = epoch;
        this.durable = options.durable();
        this.folder = folder;
        this.files = files;
        this.io = environment.io();
        this.reader = new EntryReader(id, files, environment.allocator(), environment.damages(), lost);
        long end = files.confirmedEnd();
        var sink = new JournalSink(id, folder, files, environment.io(), options.durable(), active, end);
        this.commits = new GroupCommit(id, environment.commits(), sink, end);
    }

    /**
     * Recovers what is in a folder, or begins there, and stores the epoch. No other writer of the folder may be alive in this process. Blocks.
     *
     * @param folder relative to the data folder
     * @throws LogException.StaleEpoch where the stored epoch is not lower
     */
    public static Journal open(Environment environment, LogId id, Path folder, long epoch, LogOptions options)
            throws IOException {
        Disk disk = environment.disk();
        disk.createFolders(folder);
        JournalState state = state(environment, id, folder);
        if (state != null && epoch <= state.epoch()) {
            throw new LogException.StaleEpoch(id, epoch, state.epoch());
        }
        var found = new JournalRecovery(disk, id, folder, environment.allocator(), state)
                .run(environment.random().nextLong());
        found.damages().forEach(environment.damages());
        var names = new JournalFolder(disk, id, folder, options.segmentBytes(), found.salt(), found.nextNumber());
        names.collect();
        for (JournalFile unused : found.unused()) {
            names.recycle(unused);
        }
        new JournalState(epoch, found.salt(), found.end(), found.nextNumber()).write(disk, folder);
        JournalFile active = names.take(0, 0);
        var all = new ArrayList<>(found.files());
        all.add(active);
        var files = new JournalFiles(all, found.end());
        return new Journal(environment, id, epoch, options, names, files, active, found.damages());
    }

    private static @Nullable JournalState state(Environment environment, LogId id, Path folder) throws IOException {
        Path file = folder.resolve(JournalState.NAME);
        try {
            JournalState state = JournalState.read(environment.disk(), folder);
            if (state == null && !JournalFolder.numbers(environment.disk(), folder).isEmpty()) {
                environment.damages().accept(new Damage(id, file.toString(), 0, 0, -1, -1, "the file is missing"));
            }
            return state;
        } catch (SmallFile.Corrupt e) {
            environment.damages()
                    .accept(new Damage(id, file.toString(), 0, 0, -1, -1, "the file does not match its checksum"));
            return null;
        }
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public CompletionStage<Long> append(ByteBuf entry, int count) {
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
        List<JournalFile> gone = files.removeBelow(before);
        if (gone.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        // one file after the other, each durably: a hole in the middle would look like damage
        for (JournalFile file : gone) {
            trimming = trimming.thenComposeAsync(_ -> free(file), io);
        }
        return trimming;
    }

    private CompletableFuture<Void> free(JournalFile file) {
        var done = new CompletableFuture<Void>();
        file.uses.retire(() -> {
            try {
                if (!durable) {
                    files.all().getLast().disk.sync();
                }
                folder.recycle(file);
                done.complete(null);
            } catch (IOException e) {
                done.completeExceptionally(new LogException.Io("log " + id, e));
            }
        });
        return done;
    }

    @Override
    public List<Part> parts() {
        return files.parts();
    }

    @Override
    public void onDead(Consumer<LogException> listener) {
        commits.onDead(listener);
    }

    @Override
    public long startOffset() {
        return files.startOffset();
    }

    @Override
    public long confirmedEnd() {
        return files.confirmedEnd();
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
    public CompletionStage<Void> scan(long from, EntryVisitor visitor) {
        return blocking(() -> {
            reader.scan(from, visitor);
            return null;
        });
    }

    @Override
    public void fence(LogException why) {
        commits.fence(why);
    }

    /** Commits what waits, and closes. Blocks while the disk works. */
    @Override
    public void close() {
        commits.close();
    }

    private <T extends @Nullable Object> CompletionStage<T> blocking(Callable<T> work) {
        return Blocking.on(io, "log " + id, work);
    }
}
