// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.relais.log.Damage;
import io.relais.log.LogId;
import io.relais.log.disk.DiskFile;
import io.relais.log.disk.FilePool;
import io.relais.log.disk.ReadWindow;
import io.relais.log.segment.Manifest.Point;
import io.relais.log.segment.Manifest.Sealed;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what a log holds: takes the manifest's word for sealed segments whose files have the right sizes, and scans the last one from its last index entry on.
 *
 * <p>What lies before the last {@link Point} was durable: bad bytes there are {@link Damage}, and the sound batches behind them stay. What lies behind it and is bad is a torn tail, and is cut
 * with all that follows.
 *
 * <p>Thread: one, used once. Cost: three file sizes per sealed segment; the last segment's tail. Memory: one window while something is scanned.
 */
final class SegmentRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentRecovery.class);
    private static final long UNKNOWN = -1;

    private final FilePool files;
    private final ByteBufAllocator allocator;
    private final LogId id;
    private final Path folder;
    private final boolean durable;
    private final @Nullable Manifest manifest;
    private final Map<Long, Sealed> known = new HashMap<>();
    private final List<Point> proofs = new ArrayList<>();

    private final List<Segment> segments = new ArrayList<>();
    private final List<Sealed> sealed = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();
    private long expected = UNKNOWN;
    private boolean lastIsComplete = true;

    SegmentRecovery(SegmentedLog.Environment environment, LogId id, Path folder, boolean durable,
            @Nullable Manifest manifest) {
        this.files = environment.files();
        this.allocator = environment.allocator();
        this.id = id;
        this.folder = folder;
        this.durable = durable;
        this.manifest = manifest;
    }

    /**
     * @param segments the last one is to be written to
     * @param end      offset at which the log goes on
     */
    record Result(List<Segment> segments, List<Sealed> sealed, long end, List<Damage> damages) {}

    Result run() throws IOException {
        if (manifest != null) {
            manifest.sealed().forEach(segment -> known.put(segment.base(), segment));
            proofs.add(manifest.point());
        }
        Point checkpoint = Checkpoint.read(files, folder);
        if (checkpoint != null) {
            proofs.add(checkpoint);
        }
        List<Long> bases = bases();
        for (int i = 0; i < bases.size(); i++) {
            segment(new Segment(files, folder, bases.get(i)), i + 1 < bases.size() ? bases.get(i + 1) : UNKNOWN);
        }
        checkEnd();
        if (lastIsComplete) {
            Segment active = new Segment(files, folder, expected);
            active.create(files);
            segments.add(active);
        }
        return new Result(segments, sealed, expected, damages);
    }

    /** Base offsets of all segments; clears indexes whose log is gone. */
    private List<Long> bases() throws IOException {
        List<String> names = files.disk().list(folder);
        List<Long> bases = names.stream().filter(Segment::isLog).map(Segment::base).toList();
        Set<String> expectedNames = new HashSet<>();
        for (long base : bases) {
            Segment segment = new Segment(files, folder, base);
            expectedNames.add(segment.offsets.file().path().toString());
            expectedNames.add(segment.times.file().path().toString());
        }
        for (String name : names) {
            if (name.endsWith("index") && !expectedNames.contains(folder.resolve(name).toString())) {
                files.forget(folder.resolve(name));
                files.disk().delete(folder.resolve(name));
            }
        }
        return bases;
    }

    private void segment(Segment segment, long nextBase) throws IOException {
        if (expected != UNKNOWN && segment.base < expected) {
            damage(segment, 0, 0, UNKNOWN, UNKNOWN, "a segment begins before the end of the one before it");
            return;
        }
        if (expected != UNKNOWN && segment.base > expected) {
            damage(segments.getLast(), segments.getLast().bytes(), 0, expected, segment.base - 1,
                    "batches are missing");
        }
        Sealed facts = known.get(segment.base);
        if (facts != null && hasTheSizesOf(facts, segment)) {
            segment.confirm(facts.end(), facts.bytes());
            segment.offsets.file().count(facts.offsetEntries());
            segment.times.file().count(facts.timeEntries());
            segment.maxTimestamp(facts.maxTimestamp());
            expected = facts.end();
            lastIsComplete = true;
        } else {
            scan(segment, facts, nextBase);
        }
        segments.add(segment);
        if (lastIsComplete) {
            sealed.add(segment.seal());
        }
    }

    private boolean hasTheSizesOf(Sealed facts, Segment segment) throws IOException {
        return size(segment) == facts.bytes()
                && segment.offsets.file().fileBytes() == (long) facts.offsetEntries() * OffsetIndex.ENTRY_BYTES
                && segment.times.file().fileBytes() == (long) facts.timeEntries() * TimeIndex.ENTRY_BYTES;
    }

    private long size(Segment segment) throws IOException {
        return files.with(segment.log, file -> file.size());
    }

    /** How much of a segment was durable for certain; {@code position} is beyond the file where it was cut short. */
    private Point proof(Segment segment, @Nullable Sealed facts, long nextBase, long size) {
        if (facts != null) {
            return new Point(segment.base, facts.bytes(), facts.end());
        }
        if (nextBase != UNKNOWN) {
            return new Point(segment.base, size, nextBase);
        }
        Point best = new Point(segment.base, 0, segment.base);
        for (Point point : proofs) {
            if (point.base() == segment.base && point.position() > best.position()) {
                best = point;
            }
        }
        return best;
    }

    private void scan(Segment segment, @Nullable Sealed facts, long nextBase) throws IOException {
        long size = size(segment);
        Point proof = proof(segment, facts, nextBase, size);
        if (size < proof.position()) {
            damage(segment, size, proof.position() - size, UNKNOWN, UNKNOWN, "the file was cut short");
        }
        try (ReadWindow window = new ReadWindow(allocator)) {
            files.with(segment.log, file -> {
                window.open(file);
                OffsetIndex.Entry from = keepIndexes(segment, Math.min(size, proof.position()), window, size);
                expected = from.offset();
                long end = scan(segment, new BatchScanner(window, from.position(), size), from, proof, size);
                lastIsComplete = nextBase != UNKNOWN || facts != null || expected < proof.offset();
                if (!lastIsComplete) {
                    settle(segment, file, proof, end, size);
                }
                if (expected < proof.offset()) {
                    damage(segment, end, Math.max(0, size - end), expected, proof.offset() - 1,
                            "batches are missing or do not match their checksum");
                    expected = proof.offset();
                }
                segment.confirm(expected, lastIsComplete ? size : end);
                return true;
            });
        }
        if (lastIsComplete) {
            segment.sealIndexes();
        } else {
            segment.cutIndexes();
        }
    }

    /**
     * Keeps the index entries that can be trusted.
     *
     * @return the last one, from which the segment is scanned, or its beginning
     */
    private OffsetIndex.Entry keepIndexes(Segment segment, long provenBytes, ReadWindow window, long size)
            throws IOException {
        segment.offsets.file().count(Math.max(0, segment.offsets.soundBefore(provenBytes)));
        OffsetIndex.Entry last = segment.offsets.last();
        if (last != null) {
            BatchScanner there = new BatchScanner(window, last.position(), size);
            if (there.next(last.offset(), last.offset() + 1) && there.position() == last.position()
                    && there.offset() == last.offset()) {
                segment.indexedUpTo(last.position() + OffsetIndex.INTERVAL_BYTES);
                segment.times.keepBelow(last.offset() + 1);
                segment.maxTimestamp(segment.times.lastTimestamp());
                return last;
            }
        }
        segment.offsets.file().count(0);
        segment.times.file().count(0);
        segment.times.keepBelow(segment.base);
        segment.indexedUpTo(0);
        return new OffsetIndex.Entry(segment.base, 0);
    }

    /** Takes sound batches; returns where the last one ends. */
    private long scan(Segment segment, BatchScanner scanner, OffsetIndex.Entry from, Point proof, long size)
            throws IOException {
        long end = from.position();
        while (end < size) {
            boolean found = scanner.next(expected, Math.max(expected + 1, proof.offset()));
            if (!found || scanner.position() != end || scanner.offset() != expected) {
                if (!found || end >= proof.position() || scanner.position() >= proof.position()) {
                    break; // a torn tail, or a proven end that is lost
                }
                if (scanner.offset() > expected) {
                    damage(segment, end, scanner.position() - end, expected, scanner.offset() - 1,
                            "batches are missing or do not match their checksum");
                }
            }
            segment.index(scanner.offset(), scanner.position(), scanner.maxTimestamp());
            expected = scanner.endOffset();
            end = scanner.endPosition();
        }
        return end;
    }

    /** Cuts a torn tail. What nothing proves durable is written again: after a failed sync the system may show what the disk does not have. */
    private void settle(Segment segment, DiskFile file, Point proof, long end, long size)
            throws IOException {
        if (end < size) {
            LOG.info("log {}: {} bytes that were never acknowledged are cut from the end of {} at offset {}", id,
                    size - end, segment, expected);
            file.truncate(end);
        }
        if (durable && end > proof.position()) {
            rewrite(file, proof.position(), end);
        }
        if (end < size || end > proof.position()) {
            file.sync();
        }
    }

    private void rewrite(DiskFile file, long from, long end) throws IOException {
        ByteBuf part = allocator.directBuffer((int) Math.min(end - from, ReadWindow.CAPACITY_BYTES));
        try {
            for (long at = from; at < end; at += part.readableBytes()) {
                part.clear();
                file.read(at, part, (int) Math.min(end - at, part.capacity()));
                file.write(at, part);
            }
        } finally {
            part.release();
        }
    }

    /** What the manifest or the checkpoint knew of must be there. */
    private void checkEnd() {
        long proven = proofs.stream().mapToLong(Point::offset).max().orElse(0);
        if (Math.max(expected, 0) < proven) {
            damages.add(new Damage(id, folder.toString(), 0, 0, expected, proven - 1, "segments are missing"));
            lastIsComplete = true;
        }
        expected = Math.max(expected, proven);
    }

    private void damage(Segment segment, long position, long length, long firstOffset, long lastOffset, String what) {
        damages.add(new Damage(id, segment.log.toString(), position, length, firstOffset, lastOffset, what));
    }
}
