// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.relais.log.Damage;
import io.relais.log.LogId;
import io.relais.log.disk.DiskFile;
import io.relais.log.disk.FilePool;
import io.relais.log.disk.ReadWindow;
import io.relais.log.segment.Manifest.Point;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what one segment holds: from its last index entry that can be trusted on, batch by batch.
 *
 * <p>Thread: one, used once. Memory: one window.
 */
final class SegmentScan {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentScan.class);

    private final FilePool files;
    private final ByteBufAllocator allocator;
    private final LogId id;
    private final Segment segment;
    private final Point proof;
    private final List<Damage> damages;
    private final long size;
    private long expected;

    /**
     * @param proof   how much of it was durable for certain; beyond the file where it was cut short
     * @param damages gets what is found damaged
     */
    SegmentScan(SegmentedLog.Environment environment, LogId id, Segment segment, Point proof, List<Damage> damages)
            throws IOException {
        this.files = environment.files();
        this.allocator = environment.allocator();
        this.id = id;
        this.segment = segment;
        this.proof = proof;
        this.damages = damages;
        this.size = Math.max(0, files.disk().size(segment.log));
    }

    /**
     * Confirms what is sound. A segment that is open at its end is cut behind its last sound batch.
     *
     * @param complete whether another segment follows, so that nothing is cut
     * @param rewrite  whether what nothing proves durable is written again: after a failed sync the system may show what the disk does not have
     * @return whether nothing may be appended
     */
    boolean run(boolean complete, boolean rewrite) throws IOException {
        if (size < proof.position()) {
            damage(size, proof.position() - size, -1, -1, "the file was cut short");
        }
        boolean closed;
        try (ReadWindow window = new ReadWindow(allocator)) {
            closed = files.with(segment.log, file -> {
                window.open(file);
                OffsetIndex.Entry from = keepIndexes(Math.min(size, proof.position()), window);
                expected = from.offset();
                long end = scan(new BatchScanner(window, from.position(), size), from);
                boolean endIsLost = expected < proof.offset();
                if (!complete && !endIsLost) {
                    settle(file, end, rewrite);
                }
                if (endIsLost) {
                    damage(end, Math.max(0, size - end), expected, proof.offset() - 1,
                            "batches are missing or do not match their checksum");
                    expected = proof.offset();
                }
                segment.confirm(expected, complete || endIsLost ? size : end);
                return complete || endIsLost;
            });
        }
        if (closed) {
            segment.sealIndexes();
        } else {
            segment.cutIndexes();
        }
        return closed;
    }

    /**
     * Keeps the index entries that can be trusted.
     *
     * @return the last one, from which the segment is scanned, or its beginning
     */
    private OffsetIndex.Entry keepIndexes(long provenBytes, ReadWindow window) throws IOException {
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
    private long scan(BatchScanner scanner, OffsetIndex.Entry from) throws IOException {
        long end = from.position();
        while (end < size) {
            boolean found = scanner.next(expected, Math.max(expected + 1, proof.offset()));
            if (!found || scanner.position() != end || scanner.offset() != expected) {
                if (!found || end >= proof.position() || scanner.position() >= proof.position()) {
                    break; // a torn tail, or a proven end that is lost
                }
                if (scanner.offset() > expected) {
                    damage(end, scanner.position() - end, expected, scanner.offset() - 1,
                            "batches are missing or do not match their checksum");
                }
            }
            segment.index(scanner.offset(), scanner.position(), scanner.maxTimestamp());
            expected = scanner.endOffset();
            end = scanner.endPosition();
        }
        return end;
    }

    private void settle(DiskFile file, long end, boolean rewrite) throws IOException {
        if (end < size) {
            LOG.info("log {}: {} bytes that were never acknowledged are cut from the end of {} at offset {}", id,
                    size - end, segment, expected);
            file.truncate(end);
        }
        if (rewrite && end > proof.position()) {
            writeAgain(file, proof.position(), end);
        }
        if (end < size || end > proof.position()) {
            file.sync();
        }
    }

    private void writeAgain(DiskFile file, long from, long end) throws IOException {
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

    private void damage(long position, long length, long firstOffset, long lastOffset, String what) {
        damages.add(new Damage(id, segment.log.toString(), position, length, firstOffset, lastOffset, what));
    }
}
