// SPDX-License-Identifier: Apache-2.0
package io.relais.log.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.relais.log.Damage;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.LogOptions;
import io.relais.log.LogStore;
import io.relais.log.LogWriter;
import io.relais.log.RetainedLog;
import io.relais.log.RetainedOptions;
import io.relais.log.commit.Blocking;
import io.relais.log.commit.Fenced;
import io.relais.log.disk.Disk;
import io.relais.log.disk.FilePool;
import io.relais.log.disk.OpenFiles;
import io.relais.log.disk.SmallFile;
import io.relais.log.journal.Journal;
import io.relais.log.segment.RetainedLogs;
import io.relais.log.segment.SegmentedLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs in files below one data folder: a journal for {@link LogId#journal}, segments for every other.
 *
 * <p>Thread: any. Work that blocks runs on the executors; both may be one, even one that a test drives by hand.
 */
public final class LocalLogStore implements LogStore {
    /** Places of damage that are kept in the list; further ones are only logged. */
    public static final int DAMAGES_MAX = 1000;

    private static final String STATE_FILE = "SAVED";
    private static final Logger LOG = LoggerFactory.getLogger(LocalLogStore.class);

    /** The writer of a log that is open here. Its lock makes openings and deletions of the log follow one another. */
    private static final class Slot {
        @Nullable
        Fenced writer;

        /** Lets an opening with a higher epoch take the log over. */
        void fence(LogId id, long epoch) {
            Fenced earlier = writer;
            if (earlier != null) {
                if (epoch <= earlier.epoch()) {
                    throw new LogException.StaleEpoch(id, epoch, earlier.epoch());
                }
                earlier.fence(new LogException.StaleEpoch(id, earlier.epoch(), epoch));
                writer = null;
            }
        }
    }

    private final Disk disk;
    private final Executor io;
    private final FilePool files;
    private final Journal.Environment journals;
    private final SegmentedLog.Environment segmented;
    private final RetainedLogs retained;
    private final Map<LogId, Slot> slots = new ConcurrentHashMap<>();
    private final List<Damage> damages = new ArrayList<>();
    private volatile boolean closed;

    /**
     * Where work that blocks is done; any of them may be the same, even one that a test drives by hand.
     *
     * @param journal where groups of journals are written; each journal needs at most one thread of it
     * @param writing where retained logs are written: one thread of it
     * @param syncing where retained logs are synced: one thread of it
     * @param io      where everything else that blocks runs
     */
    public record Executors(Executor journal, Executor writing, Executor syncing, Executor io) {}

    /** With retained logs written and synced where everything else runs. */
    public LocalLogStore(Disk disk, Executor journalIo, Executor io, ByteBufAllocator allocator,
            RandomGenerator random) {
        this(disk, new Executors(journalIo, io, io, io), allocator, random);
    }

    /** With retained logs that are synced after a time on the system's clock. */
    public LocalLogStore(Disk disk, Executors executors, ByteBufAllocator allocator, RandomGenerator random) {
        this(disk, executors, allocator, random, (ms, task) -> CompletableFuture
                .delayedExecutor(ms, TimeUnit.MILLISECONDS, executors.io()).execute(task));
    }

    /**
     * @param random for what nobody may guess, a secure one; in a simulation one with a seed
     * @param delay  for retained logs that are synced after a time
     */
    public LocalLogStore(Disk disk, Executors executors, ByteBufAllocator allocator, RandomGenerator random,
            RetainedLogs.Delay delay) {
        Executor io = executors.io();
        this.disk = disk;
        this.io = io;
        this.files = new FilePool(disk, OpenFiles.max());
        this.segmented = new SegmentedLog.Environment(files, io, allocator, this::report);
        this.retained = new RetainedLogs(segmented, executors.writing(), executors.syncing(), delay);
        this.journals = new Journal.Environment(disk, executors.journal(), io, allocator, random, this::report);
    }

    @Override
    public CompletionStage<LogWriter> openAndFence(LogId id, long epoch, LogOptions options) {
        return blocking("open log " + id, () -> open(id, epoch, options));
    }

    private LogWriter open(LogId id, long epoch, LogOptions options) throws IOException {
        return take(id, epoch, () -> id.isJournal()
                ? Journal.open(journals, id, folder(id), epoch, options)
                : SegmentedLog.open(segmented, id, folder(id), epoch, options));
    }

    @Override
    public CompletionStage<RetainedLog> openRetained(LogId id, long epoch, RetainedOptions options,
            RetainedLog.Progress progress) {
        return blocking("open log " + id,
                () -> take(id, epoch, () -> retained.open(id, folder(id), epoch, options, progress)));
    }

    private interface Opening<W extends Fenced> {
        W open() throws IOException;
    }

    private <W extends Fenced> W take(LogId id, long epoch, Opening<W> opening) throws IOException {
        Slot slot = slots.computeIfAbsent(id, _ -> new Slot());
        synchronized (slot) {
            if (closed) {
                throw new LogException.WriterDead(id, null);
            }
            slot.fence(id, epoch);
            W writer = opening.open();
            slot.writer = writer;
            return writer;
        }
    }

    @Override
    public CompletionStage<Void> saveState(LogId id, ByteBuf state) {
        if (state.readableBytes() > STATE_MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a state of " + state.readableBytes() + " bytes for log " + id + "; at most " + STATE_MAX_BYTES);
        }
        return blocking("save the state of log " + id, () -> {
            Slot slot = slots.computeIfAbsent(id, _ -> new Slot());
            synchronized (slot) {
                if (disk.exists(folder(id))) {
                    SmallFile.write(disk, folder(id).resolve(STATE_FILE), state);
                }
            }
            return null;
        });
    }

    @Override
    public CompletionStage<@Nullable ByteBuf> loadState(LogId id) {
        return blocking("load the state of log " + id, () -> {
            Slot slot = slots.computeIfAbsent(id, _ -> new Slot());
            synchronized (slot) {
                try {
                    return SmallFile.read(disk, folder(id).resolve(STATE_FILE));
                } catch (SmallFile.Corrupt e) {
                    LOG.warn("the saved state of log {} is derived anew: {}", id, e.getMessage());
                    return null;
                }
            }
        });
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        return blocking("delete log " + id, () -> {
            Slot slot = slots.computeIfAbsent(id, _ -> new Slot());
            synchronized (slot) {
                if (slot.writer != null) {
                    slot.writer.fence(new LogException.WriterDead(id, null));
                    slot.writer = null;
                }
                deleteFiles(folder(id));
            }
            return null;
        });
    }

    /** Interrupted, it leaves a log with less in it, which is listed and can be deleted again. */
    private void deleteFiles(Path folder) throws IOException {
        Path shard = folder.getParent();
        if (shard == null || !disk.exists(folder)) {
            return;
        }
        for (String name : disk.list(folder)) {
            files.forget(folder.resolve(name));
            disk.delete(folder.resolve(name));
        }
        disk.delete(folder);
        disk.syncFolder(shard);
    }

    @Override
    public CompletionStage<List<LogId>> list(int shard) {
        return blocking("list the logs of shard " + shard, () -> {
            var ids = new ArrayList<LogId>();
            for (String name : disk.list(Path.of("shard-" + shard))) {
                if (name.equals("journal")) {
                    ids.add(LogId.journal(shard));
                } else if (name.matches("log-[1-9]\\d{0,17}")) {
                    ids.add(new LogId(shard, Long.parseLong(name.substring("log-".length()))));
                }
            }
            return List.copyOf(ids);
        });
    }

    private static Path folder(LogId id) {
        return Path.of(id.toString());
    }

    @Override
    public List<Damage> damages() {
        synchronized (damages) {
            return List.copyOf(damages);
        }
    }

    private void report(Damage damage) {
        synchronized (damages) {
            if (damages.contains(damage)) {
                return;
            }
            if (damages.size() < DAMAGES_MAX) {
                damages.add(damage);
            }
        }
        LOG.error("damaged: {}", damage);
    }

    /** Commits what waits in every log and closes it. Blocks while the disk works. */
    @Override
    public void close() {
        closed = true;
        for (Slot slot : slots.values()) {
            synchronized (slot) {
                if (slot.writer != null) {
                    slot.writer.close();
                }
            }
        }
        files.close();
    }

    private <T extends @Nullable Object> CompletionStage<T> blocking(String what, Callable<T> work) {
        return Blocking.on(io, what, work);
    }
}
