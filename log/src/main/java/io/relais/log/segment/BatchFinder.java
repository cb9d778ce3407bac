// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.function.Consumer;

import io.netty.buffer.ByteBufAllocator;
import io.relais.log.Damage;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.disk.FilePool;
import io.relais.log.disk.ReadWindow;
import io.relais.log.segment.HeaderWalk.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Finds where batches are. A reader that goes on where it stopped needs no index; else it walks from the last index entry, header by header. Where that leads nowhere the segment is
 * searched from its beginning, and its index made anew.
 *
 * <p>Thread: any; calls block.
 */
final class BatchFinder {
    private final LogId id;
    private final FilePool files;
    private final ByteBufAllocator allocator;
    private final Consumer<Damage> report;
    private final SegmentList segments;
    private volatile @Nullable Batch next;

    BatchFinder(SegmentedLog.Environment environment, LogId id, SegmentList segments) {
        this.id = id;
        this.files = environment.files();
        this.allocator = environment.allocator();
        this.report = environment.damages();
        this.segments = segments;
    }

    /** Something that is done with a segment nobody deletes meanwhile. */
    interface Work<T extends @Nullable Object> {
        T run(Segment segment) throws IOException;
    }

    <T extends @Nullable Object> T with(long offset, Work<T> work) throws IOException {
        Segment segment = acquire(offset);
        try {
            return work.run(segment);
        } finally {
            segment.uses.release();
        }
    }

    /** The segment of an offset, in use until its {@link Segment#uses} is released. */
    Segment acquire(long offset) {
        while (true) {
            Segment segment = segments.holding(offset);
            if (segment == null) {
                throw new LogException.Trimmed(id, offset, segments.startOffset());
            }
            if (segment.uses.acquire()) {
                return segment;
            }
            // trimmed, or replaced, since it was looked up: those are taken out of the list before they are retired
        }
    }

    /** Says which batch will probably be asked for next. */
    void expect(@Nullable Batch batch) {
        next = batch;
    }

    Batch locate(Segment segment, long offset) throws IOException {
        Batch known = next;
        if (known != null && known.holds(segment, offset)) {
            return known;
        }
        Batch found = walk(segment, segment.offsets.floor(offset), offset);
        return found != null ? found : search(segment, offset);
    }

    private @Nullable Batch walk(Segment segment, OffsetIndex.Entry from, long offset) throws IOException {
        try (HeaderWalk walk = new HeaderWalk(files, allocator, segment)) {
            Batch batch = walk.at(from.position(), from.offset());
            while (batch != null && offset >= batch.endOffset()) {
                batch = walk.at(batch.endPosition(), batch.endOffset());
            }
            return batch;
        }
    }

    /**
     * Where batches from the one that holds {@code from} on end: at least one, as many as fit into {@code maxBytes}, none of which holds {@code end}.
     *
     * @return an empty range where the first one holds {@code end}
     */
    RecentBatches.Range range(Segment segment, long from, int maxBytes, long end) throws IOException {
        Batch first = locate(segment, from);
        int start = (int) first.position();
        if (first.endOffset() > end) {
            return new RecentBatches.Range(first.offset(), start, start, first.offset());
        }
        var written = segment.end();
        long limit = start + (long) Math.max(first.size(), maxBytes);
        if (written.position() <= limit && written.offset() <= end) {
            return new RecentBatches.Range(first.offset(), start, (int) written.position(), written.offset());
        }
        Batch last = last(segment, first, limit, end);
        return new RecentBatches.Range(first.offset(), start, (int) last.endPosition(), last.endOffset());
    }

    /** The last batch, from one on, that ends before a position and an offset. */
    private Batch last(Segment segment, Batch first, long limit, long end) throws IOException {
        OffsetIndex.Entry near = segment.offsets.floor(end - 1, limit);
        if (near.position() > first.position()) {
            Batch last = walkBelow(segment, near, limit, end);
            if (last != null) {
                return last;
            }
        }
        Batch last = walkBelow(segment, new OffsetIndex.Entry(first.offset(), first.position()), limit, end);
        return last == null ? first : last;
    }

    private @Nullable Batch walkBelow(Segment segment, OffsetIndex.Entry from, long limit, long end)
            throws IOException {
        try (HeaderWalk walk = new HeaderWalk(files, allocator, segment)) {
            Batch last = null;
            Batch batch = walk.at(from.position(), from.offset());
            while (batch != null && batch.endPosition() <= limit && batch.endOffset() <= end) {
                last = batch;
                batch = walk.at(batch.endPosition(), batch.endOffset());
            }
            if (last != null) {
                next = batch;
            }
            return last;
        }
    }

    /** Looks at the whole segment; makes the index of a complete one anew, since it led astray. */
    Batch search(Segment segment, long offset) throws IOException {
        try (ReadWindow window = new ReadWindow(allocator)) {
            return files.with(segment.log, file -> {
                window.open(file);
                BatchScanner batches = new BatchScanner(window, 0, segment.bytes());
                long expected = segment.base;
                long position = 0;
                Batch found = null;
                boolean renew = !segments.isLast(segment);
                var entries = new ArrayList<OffsetIndex.Entry>();
                while ((found == null || renew) && batches.next(expected, segment.endOffset())) {
                    if (found == null && batches.endOffset() > offset) {
                        if (batches.offset() > offset) {
                            throw new LogException.Damaged(
                                    missing(segment, position, batches.position(), expected, batches.offset()));
                        }
                        found = new Batch(segment, batches.position(), batches.size(), batches.offset(),
                                batches.endOffset());
                    }
                    expected = batches.endOffset();
                    position = batches.endPosition();
                    entries.add(new OffsetIndex.Entry(batches.offset(), batches.position()));
                }
                if (renew) {
                    segment.renewOffsets(entries);
                }
                if (found == null) {
                    throw new LogException.Damaged(
                            missing(segment, position, segment.bytes(), expected, segment.endOffset()));
                }
                return found;
            });
        }
    }

    /** Reports batches that should be there. */
    Damage missing(Segment segment, long position, long endPosition, long offset, long endOffset) {
        Damage damage = new Damage(id, segment.log.toString(), position, Math.max(0, endPosition - position), offset,
                endOffset - 1, "batches are missing or do not match their checksum");
        report.accept(damage);
        return damage;
    }
}
