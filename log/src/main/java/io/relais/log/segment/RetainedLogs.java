// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.RetainedLog;
import io.relais.log.RetainedOptions;
import io.relais.log.disk.Disk;

/**
 * The retained logs of a store, and what they share: one loop that writes, one that syncs. While one round of syncs runs, writes go on, and the next round gathers.
 *
 * <p>Thread: any.
 */
public final class RetainedLogs {
    /** From so many logs in a round on all files are synced at once: see docs/adr/0003-how-partitions-become-durable.md. */
    private static final int SYNC_ALL_MIN = 4;

    final SegmentedLog.Environment environment;
    private final Delay delay;
    private final int syncAllMin;
    private final Rounds<RetainedSegments> writes;
    private final Rounds<RetainedSegments> syncs;

    /** Runs something later. */
    public interface Delay {
        void after(long ms, Runnable task);
    }

    /**
     * @param writing one thread of it writes
     * @param syncing one thread of it syncs; may be the same executor where that one has two threads, or where nothing waits
     */
    public RetainedLogs(SegmentedLog.Environment environment, Executor writing, Executor syncing, Delay delay) {
        this(environment, writing, syncing, delay, SYNC_ALL_MIN);
    }

    /** @param syncAllMin from so many logs in a round on all files are synced at once */
    RetainedLogs(SegmentedLog.Environment environment, Executor writing, Executor syncing, Delay delay,
            int syncAllMin) {
        this.syncAllMin = syncAllMin;
        this.environment = environment;
        this.delay = delay;
        this.writes = new Rounds<>(writing, logs -> logs.forEach(RetainedSegments::write));
        this.syncs = new Rounds<>(syncing, this::sync);
    }

    /**
     * Recovers what is in a folder, or begins there. No other writer of the folder may be alive in this process. Blocks; a log that was closed well is opened without a write.
     *
     * <p>The epoch is stored when the log is closed, or when it has written so much that it stores something anyway: until then no other process can open it, and in this one the caller fences.
     *
     * @param folder relative to the data folder
     * @throws LogException.StaleEpoch where the stored epoch is not lower
     */
    public RetainedSegments open(LogId id, Path folder, long epoch, RetainedOptions options,
            RetainedLog.Progress progress) throws IOException {
        Disk disk = environment.files().disk();
        Path parent = folder.getParent();
        if (parent != null && !disk.exists(folder) && !disk.exists(parent)) {
            disk.createFolders(parent);
        }
        KnownState known = KnownState.read(environment, id, folder);
        known.check(id, epoch);
        var found = new SegmentRecovery(environment, id, folder, SegmentRecovery.Rules.RETAINED, known).run();
        found.damages().forEach(environment.damages());
        var log = new RetainedSegments(this, id, folder, epoch, options, progress, found);
        if (known.lost() || !found.exact()) {
            log.settle(known.lost());
        }
        return log;
    }

    void write(RetainedSegments log) {
        writes.add(log);
    }

    void sync(RetainedSegments log) {
        syncs.add(log);
    }

    void later(long ms, Runnable task) {
        delay.after(ms, task);
    }

    private void sync(List<RetainedSegments> logs) {
        logs.forEach(RetainedSegments::beginSync);
        if (logs.size() < syncAllMin || !syncAll(logs)) {
            syncEach(logs);
        }
        logs.forEach(RetainedSegments::finishSync);
    }

    /** Returns whether it is decided; where it failed, all logs are dead. */
    private boolean syncAll(List<RetainedSegments> logs) {
        try {
            return environment.files().disk().syncAll();
        } catch (IOException | RuntimeException | Error e) {
            logs.forEach(log -> log.die(e));
            return true;
        }
    }

    private void syncEach(List<RetainedSegments> logs) {
        Set<Path> parents = new HashSet<>();
        for (RetainedSegments log : logs) {
            log.syncFiles(parents);
        }
        for (Path parent : parents) {
            try {
                environment.files().disk().syncFolder(parent);
            } catch (IOException | RuntimeException | Error e) {
                logs.stream().filter(log -> log.isIn(parent)).forEach(log -> log.die(e));
            }
        }
    }
}
