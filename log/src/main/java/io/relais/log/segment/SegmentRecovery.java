// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.relais.log.Damage;
import io.relais.log.LogId;
import io.relais.log.disk.FilePool;
import io.relais.log.segment.Manifest.Point;
import io.relais.log.segment.Manifest.Sealed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what a log holds: takes the manifest's word for sealed segments whose files have the right sizes, and scans the others from their last index entry on.
 *
 * <p>What lies before the last {@link Point} was durable: bad bytes there are {@link Damage}, and the sound batches behind them stay. What lies behind it and is bad is a torn tail, and is cut
 * with all that follows.
 *
 * <p>Thread: one, used once. Cost: three file sizes per sealed segment; the tail of the last one. Memory: one window while something is scanned.
 */
final class SegmentRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentRecovery.class);
    private static final long UNKNOWN = -1;

    /** What the writer of a log promised by what it left. */
    enum Rules {
        /** Nothing is synced but complete segments. A segment is begun when the one before it is sealed. */
        CACHED,
        /** As {@link #CACHED}, but what was acknowledged was synced. */
        DURABLE,
        /** As {@link #DURABLE}, but segments follow one another before the earlier ones are synced, and are created when there is something to write; where the checkpoint is exact, nothing lies behind it. */
        RETAINED
    }

    private final SegmentedLog.Environment environment;
    private final FilePool files;
    private final LogId id;
    private final Path folder;
    private final Rules rules;
    private final KnownState known;
    private final Map<Long, Sealed> facts;

    private final List<Segment> segments = new ArrayList<>();
    private final List<Sealed> sealed = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();
    private long expected = UNKNOWN;
    private boolean lastIsComplete = true;
    private boolean exact = true;

    SegmentRecovery(SegmentedLog.Environment environment, LogId id, Path folder, Rules rules, KnownState known) {
        this.environment = environment;
        this.files = environment.files();
        this.id = id;
        this.folder = folder;
        this.rules = rules;
        this.known = known;
        this.facts = known.sealed();
    }

    /**
     * @param segments the last one is to be written to
     * @param end      offset at which the log goes on
     * @param exact    whether everything was as the small files said, so that none of them needs to be written
     */
    record Result(List<Segment> segments, List<Sealed> sealed, long end, List<Damage> damages, boolean exact) {}

    Result run() throws IOException {
        List<Segment> found = found();
        for (int i = 0; i < found.size(); i++) {
            if (!take(found.get(i), i + 1 < found.size() ? found.get(i + 1).base : UNKNOWN)) {
                drop(found.subList(segments.contains(found.get(i)) ? i + 1 : i, found.size()));
                break;
            }
        }
        checkEnd();
        if (lastIsComplete) {
            Segment active = new Segment(files, folder, expected);
            if (rules != Rules.RETAINED) {
                active.create(files);
            }
            segments.add(active);
        }
        return new Result(segments, sealed, expected, damages, exact);
    }

    /** The segments that have files, oldest first. Clears files that a rewrite has replaced or not finished, and indexes whose log is gone. */
    private List<Segment> found() throws IOException {
        var found = new TreeMap<Long, Segment>();
        List<String> names = files.disk().list(folder);
        boolean cleared = false;
        for (String name : names) {
            Segment segment = Segment.named(files, folder, name);
            if (segment != null && known.isReplaced(segment)) {
                segment.delete(files);
                cleared = true;
            } else if (segment != null) {
                // where no manifest decides, the older files: they go only when the newer ones are complete
                found.merge(segment.base, segment, (a, b) -> a.generation < b.generation ? a : b);
            }
        }
        Set<Path> expectedFiles = new HashSet<>();
        for (Segment segment : found.values()) {
            expectedFiles.add(segment.offsets.file().path());
            expectedFiles.add(segment.times.file().path());
        }
        for (String name : names) {
            Path path = folder.resolve(name);
            if (name.endsWith("index") && !expectedFiles.contains(path)) {
                files.forget(path);
                files.disk().delete(path);
            }
        }
        if (cleared) {
            files.disk().syncFolder(folder);
        }
        return List.copyOf(found.values());
    }

    /** @return whether what follows can belong to the log */
    private boolean take(Segment segment, long nextBase) throws IOException {
        if (expected != UNKNOWN && segment.base < expected) {
            damage(segment, 0, 0, UNKNOWN, UNKNOWN, "a segment begins before the end of the one before it");
            return true;
        }
        if (!isProven(segment.base) && segment.base > Math.max(expected, known.provenEnd())) {
            return false;
        }
        if (expected != UNKNOWN && segment.base > expected) {
            damage(segments.getLast(), segments.getLast().bytes(), 0, expected, segment.base - 1,
                    "batches are missing");
        }
        boolean more = true;
        if (isKnown(segment)) {
            lastIsComplete = true;
        } else if (nextBase == UNKNOWN && isAtItsCheckpoint(segment)) {
            lastIsComplete = false;
        } else if (nextBase == UNKNOWN || isProven(nextBase) || facts.containsKey(segment.base)) {
            scan(segment, nextBase);
        } else {
            more = scanUnproven(segment, nextBase);
        }
        segments.add(segment);
        expected = segment.endOffset();
        if (lastIsComplete) {
            segment.sealed();
            sealed.add(segment.seal());
        }
        return more;
    }

    /** Whether everything below an offset at which a segment begins was durable once. */
    private boolean isProven(long base) {
        return rules != Rules.RETAINED || known.lost() || base <= known.provenEnd();
    }

    private boolean isKnown(Segment segment) throws IOException {
        Sealed fact = facts.get(segment.base);
        if (fact == null || size(segment.log) != fact.bytes()
                || size(segment.offsets.file().path()) != (long) fact.offsetEntries() * OffsetIndex.ENTRY_BYTES
                || size(segment.times.file().path()) != (long) fact.timeEntries() * TimeIndex.ENTRY_BYTES) {
            return false;
        }
        segment.confirm(fact.end(), fact.bytes());
        segment.offsets.file().count(fact.offsetEntries());
        segment.times.file().count(fact.timeEntries());
        segment.maxTimestamp(fact.maxTimestamp());
        return true;
    }

    private boolean isAtItsCheckpoint(Segment segment) throws IOException {
        Checkpoint checkpoint = known.checkpoint();
        if (rules != Rules.RETAINED || checkpoint == null || checkpoint.point().base() != segment.base
                || size(segment.log) != checkpoint.point().position()
                || known.provenEnd() != checkpoint.point().offset()
                || size(segment.offsets.file().path()) < (long) checkpoint.offsetEntries() * OffsetIndex.ENTRY_BYTES
                || size(segment.times.file().path()) < (long) checkpoint.timeEntries() * TimeIndex.ENTRY_BYTES) {
            return false;
        }
        segment.confirm(checkpoint.point().offset(), checkpoint.point().position());
        segment.offsets.file().count(checkpoint.offsetEntries());
        segment.times.resume(checkpoint.timeEntries(), checkpoint.maxTimestamp());
        segment.maxTimestamp(checkpoint.maxTimestamp());
        return true;
    }

    private long size(Path path) throws IOException {
        return Math.max(0, files.disk().size(path));
    }

    private void scan(Segment segment, long nextBase) throws IOException {
        exact = false;
        Sealed fact = facts.get(segment.base);
        Point proof = fact != null
                ? new Point(segment.base, fact.bytes(), fact.end())
                : nextBase != UNKNOWN
                        ? new Point(segment.base, size(segment.log), nextBase)
                        : known.provenIn(segment);
        lastIsComplete = new SegmentScan(environment, id, segment, proof, damages)
                .run(nextBase != UNKNOWN || fact != null, rules != Rules.CACHED);
    }

    /** Scans a segment that another one follows although nobody waited for it to be synced. */
    private boolean scanUnproven(Segment segment, long nextBase) throws IOException {
        scan(segment, UNKNOWN);
        if (segment.endOffset() < nextBase) {
            return false;
        }
        segment.sealIndexes();
        lastIsComplete = true;
        return true;
    }

    /** Deletes segments behind a torn tail, durably: what is appended now takes their place. */
    private void drop(List<Segment> unproven) throws IOException {
        for (Segment segment : unproven) {
            LOG.info("log {}: {} was never acknowledged, and is deleted", id, segment);
            segment.delete(files);
        }
        files.disk().syncFolder(folder);
        exact = false;
    }

    /** What the manifest or the checkpoint knew of must be there. */
    private void checkEnd() {
        long proven = known.provenEnd();
        if (Math.max(expected, 0) < proven) {
            damages.add(new Damage(id, folder.toString(), 0, 0, expected, proven - 1, "segments are missing"));
            lastIsComplete = true;
            exact = false;
        }
        expected = Math.max(expected, proven);
    }

    private void damage(Segment segment, long position, long length, long firstOffset, long lastOffset, String what) {
        damages.add(new Damage(id, segment.log.toString(), position, length, firstOffset, lastOffset, what));
    }
}
