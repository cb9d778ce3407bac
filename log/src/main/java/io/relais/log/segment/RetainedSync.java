// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.disk.FilePool;
import io.relais.log.segment.Manifest.Point;

/**
 * Makes durable what the {@link RetainedWriter} of a log has written, in steps, so that many logs can share the work of the disk: {@link #begin}, {@link #files}, {@link #finish}.
 *
 * <p>Segments that are complete are sealed here: synced with their indexes and entered into the manifest, in their order. So the manifest and the checkpoint prove what they name, and nothing else does.
 *
 * <p>Thread: guarded by itself: what {@link #step} does is done under its lock.
 */
final class RetainedSync {
    /** A checkpoint is written when so many bytes were synced since the last one: what a process that is killed leaves to be read when the log is opened. */
    private static final long CHECKPOINT_BYTES = 4 << 20;

    private final LogId id;
    private final ProgressReport progress;
    private final FilePool files;
    private final Path folder;
    private final long epoch;
    private final SegmentList segments;
    private final RetainedWriter writer;
    private final List<Manifest.Sealed> sealed;
    /** Base of the newest segment whose name is durable. */
    private long namedBase;
    private boolean folderIsNamed;

    private Checkpoint reached;
    private Point checkpointed;
    private boolean stopped;

    /**
     * @param named whether the names of the log's folder and of all its segments are durable
     */
    RetainedSync(SegmentedLog.Environment environment, LogId id, ProgressReport progress, Path folder, long epoch,
            SegmentList segments,
            RetainedWriter writer, List<Manifest.Sealed> sealed, boolean named) {
        this.id = id;
        this.progress = progress;
        this.files = environment.files();
        this.folder = folder;
        this.epoch = epoch;
        this.segments = segments;
        this.writer = writer;
        this.sealed = new ArrayList<>(sealed);
        this.folderIsNamed = named;
        Segment active = segments.last();
        this.namedBase = named && active.bytes() > 0 ? active.base : -1;
        this.reached = checkpoint(active);
        this.checkpointed = reached.point();
    }

    private Checkpoint checkpoint(Segment active) {
        // the counts first: entries that come meanwhile lie behind the point
        int offsetEntries = active.offsets.file().count();
        int timeEntries = active.times.file().count();
        return new Checkpoint(active.end(), epoch, active.maxTimestamp(), offsetEntries, timeEntries);
    }

    /** Something done with the files. */
    interface Step {
        void run() throws IOException;
    }

    /** Does something, unless the log is dead or closed. Where it fails the log is dead. */
    synchronized void step(Step step) {
        if (progress.death() == null && !stopped) {
            try {
                step.run();
            } catch (IOException | RuntimeException | Error e) { // whatever it is, nobody may wait for ever
                die(e);
            }
        }
    }

    void die(Throwable e) {
        progress.died(e instanceof LogException known ? known : new LogException.Io("log " + id, e));
    }

    void checkAlive() {
        if (progress.death() != null) {
            throw new LogException.WriterDead(id, progress.death());
        }
    }

    /** From here on nothing in the folder changes: another writer may have it. */
    synchronized void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /** All steps at once, for a log alone. */
    void now() {
        step(() -> {
            if (segments.confirmedEnd() > progress.durableEnd() || writer.hasComplete()) {
                begin();
                files();
                nameFolder();
                finish();
            }
        });
    }

    /** First step: looks how far the log is written, and seals the segments that are complete. */
    void begin() throws IOException {
        Segment active = segments.last();
        Checkpoint now = checkpoint(active);
        List<Segment> complete = writer.takeComplete();
        if (!complete.isEmpty()) {
            seal(complete);
        }
        reached = now;
    }

    /** Second step, unless the disk does it for all logs: syncs the segment that is written to, and its name. */
    void files() throws IOException {
        Segment active = segments.last();
        if (active.bytes() > 0) {
            sync(active);
            folder();
        }
    }

    private void seal(List<Segment> complete) throws IOException {
        for (Segment segment : complete) {
            segment.sealIndexes();
            sync(segment);
            sealed.add(segment.seal());
        }
        nameFolder();
        folder();
        writeManifest();
        complete.forEach(Segment::sealed);
    }

    /** Enters a segment whose files are durable in the place of others. After a failure nobody knows which ones count. */
    void replace(List<Segment> old, Segment fresh) throws IOException {
        files.disk().syncFolder(folder);
        int at = 0;
        while (sealed.get(at).base() != fresh.base) {
            at++;
        }
        List<Manifest.Sealed> place = sealed.subList(at, at + old.size());
        place.clear();
        place.add(fresh.seal());
        writeManifest();
    }

    /** Says that the files of what was below an offset are gone, and those that were replaced before. */
    void freed(long below) {
        sealed.removeIf(segment -> segment.end() <= below);
    }

    private void writeManifest() throws IOException {
        long end = sealed.isEmpty() ? segments.startOffset() : sealed.getLast().end();
        new Manifest(epoch, new Point(end, 0, end), sealed).write(files.disk(), folder);
    }

    private void sync(Segment segment) throws IOException {
        files.with(segment.log, file -> {
            file.sync();
            return true;
        });
    }

    /** Whether the folder in which the log's folder is must be synced before {@link #finish}. */
    boolean needsFolderNamed() {
        return !folderIsNamed;
    }

    Path parent() {
        Path parent = folder.getParent();
        return parent == null ? Path.of("") : parent;
    }

    private void nameFolder() throws IOException {
        if (needsFolderNamed()) {
            files.disk().syncFolder(parent());
            folderIsNamed = true;
        }
    }

    private void folder() throws IOException {
        Segment newest = segments.last();
        if (newest.base > namedBase && newest.bytes() > 0) {
            files.disk().syncFolder(folder);
            namedBase = newest.base;
        }
    }

    /** Third step, when the others are done: tells how far that was, and notes it now and then. */
    void finish() throws IOException {
        Point point = reached.point();
        folderIsNamed = true;
        namedBase = Math.max(namedBase, point.position() > 0 ? point.base() : namedBase);
        progress.durable(point.offset());
        if (point.base() != checkpointed.base() || point.position() - checkpointed.position() >= CHECKPOINT_BYTES) {
            writeCheckpoint(reached);
        }
    }

    /**
     * Stores what recovery found out: all that is there was synced.
     *
     * @param manifestLost whether there is a manifest that cannot be read
     */
    synchronized void settle(boolean manifestLost) throws IOException {
        if (manifestLost || segments.all().stream().anyMatch(segment -> segment.isSealed() || segment.bytes() > 0)) {
            nameFolder();
            files.disk().syncFolder(folder);
            namedBase = segments.last().bytes() > 0 ? segments.last().base : namedBase;
            if (manifestLost || !sealed.isEmpty()) {
                writeManifest();
            }
            finishWell();
        }
    }

    /** The last step of all: notes where the log ends. The writer has flushed the indexes. */
    void finishWell() throws IOException {
        if (segments.confirmedEnd() > 0) {
            writeCheckpoint(checkpoint(segments.last()));
        }
    }

    private void writeCheckpoint(Checkpoint checkpoint) throws IOException {
        checkpoint.write(files, folder);
        checkpointed = checkpoint.point();
    }
}
