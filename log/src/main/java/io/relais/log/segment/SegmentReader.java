// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.relais.log.Damage;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.LogReader.Entry;
import io.relais.log.LogReader.EntryVisitor;
import io.relais.log.disk.FilePool;
import io.relais.log.disk.ReadWindow;
import io.relais.log.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads batches from segments. A reader that goes on where it stopped needs no index; else it walks from the last index entry, header by header. Where that leads nowhere the segment is
 * searched from its beginning, and its index made anew.
 *
 * <p>Thread: any; calls block. Memory: what is read.
 */
final class SegmentReader {
    private final LogId id;
    private final FilePool files;
    private final ByteBufAllocator allocator;
    private final Consumer<Damage> report;
    private final SegmentList segments;
    private volatile @Nullable Batch next;

    /** Where a batch is, as its header says. */
    private record Batch(long base, long position, int size, long offset, long endOffset) {}

    SegmentReader(SegmentedLog.Environment environment, LogId id, SegmentList segments) {
        this.id = id;
        this.files = environment.files();
        this.allocator = environment.allocator();
        this.report = environment.damages();
        this.segments = segments;
    }

    /** Something that is done with a segment nobody deletes meanwhile. */
    private interface Work<T> {
        T run(Segment segment) throws IOException;
    }

    private <T> T with(long offset, Work<T> work) throws IOException {
        Segment segment = segments.holding(offset);
        if (segment == null || !segment.uses.acquire()) {
            throw new LogException.Trimmed(id, offset, segments.startOffset());
        }
        try {
            return work.run(segment);
        } finally {
            segment.uses.release();
        }
    }

    @Nullable
    Entry read(long offset) throws IOException {
        if (offset >= segments.confirmedEnd()) {
            return null;
        }
        return with(offset, segment -> {
            Batch batch = locate(segment, offset);
            ByteBuf bytes = bytes(segment, batch.position(), batch.size());
            if (RecordBatch.verify(bytes, 0, bytes.readableBytes()) != null) {
                bytes.release();
                batch = search(segment, offset);
                bytes = bytes(segment, batch.position(), batch.size());
            }
            return new Entry(batch.offset(), (int) (batch.endOffset() - batch.offset()), bytes);
        });
    }

    ByteBuf read(long offset, int position, int length) throws IOException {
        if (offset >= segments.confirmedEnd()) {
            throw new IllegalArgumentException("log " + id + " has no durable offset " + offset);
        }
        return with(offset, segment -> {
            Batch batch = locate(segment, offset);
            if (position < 0 || length < 0 || position > batch.size() - length) {
                throw new IllegalArgumentException(
                        "the batch of offset %d has %d bytes, not %d from %d".formatted(offset,
                                batch.size(), length, position));
            }
            return bytes(segment, batch.position() + position, length);
        });
    }

    ByteBuf readBatches(long from, int maxBytes) throws IOException {
        if (from >= segments.confirmedEnd()) {
            return allocator.directBuffer(0);
        }
        return with(from, segment -> {
            ByteBuf bytes = batches(segment, locate(segment, from), maxBytes);
            if (!bytes.isReadable()) {
                bytes.release();
                bytes = batches(segment, search(segment, from), maxBytes);
            }
            return bytes;
        });
    }

    /** Reads sound batches that follow one another; none where the first is not sound. */
    private ByteBuf batches(Segment segment, Batch first, int maxBytes) throws IOException {
        int limit = Math.max(first.size(), maxBytes);
        long there = segment.bytes() - first.position();
        // with the header behind, if it is there: where the next call goes on
        ByteBuf bytes = bytes(segment, first.position(),
                (int) Math.min(limit + (long) RecordBatch.HEADER_BYTES, there));
        Batch batch = first;
        int end = 0;
        while (batch != null && end + batch.size() <= Math.min(limit, bytes.readableBytes())
                && RecordBatch.verify(bytes, end, batch.size()) == null) {
            end += batch.size();
            batch = header(segment, bytes, end, first.position() + end, batch.endOffset());
        }
        next = batch;
        return bytes.writerIndex(end);
    }

    long offsetAt(long timestampMs) throws IOException {
        for (Segment segment : segments.all()) {
            if (segment.maxTimestamp() >= timestampMs && segment.uses.acquire()) {
                try (ReadWindow window = new ReadWindow(allocator)) {
                    long from = segment.times.floor(timestampMs);
                    long[] found = {-1};
                    scan(segment, from, window, batches -> {
                        if (batches.maxTimestamp() >= timestampMs) {
                            found[0] = batches.offset();
                        }
                        return found[0] < 0;
                    });
                    if (found[0] >= 0) {
                        return found[0];
                    }
                } finally {
                    segment.uses.release();
                }
            }
        }
        return segments.confirmedEnd();
    }

    void scan(long from, EntryVisitor visitor) throws IOException {
        long end = segments.confirmedEnd();
        try (ReadWindow window = new ReadWindow(allocator)) {
            for (Segment segment : segments.all()) {
                if (segment.endOffset() > from && segment.base < end && segment.uses.acquire()) {
                    try {
                        scan(segment, from, window, batches -> {
                            if (batches.endOffset() > from && batches.offset() < end) {
                                visit(segment, batches, window, visitor);
                            }
                            return batches.endOffset() < end;
                        });
                    } finally {
                        segment.uses.release();
                    }
                }
            }
        }
    }

    private void visit(Segment segment, BatchScanner batches, ReadWindow window, EntryVisitor visitor)
            throws IOException {
        int count = (int) (batches.endOffset() - batches.offset());
        if (batches.size() <= ReadWindow.CAPACITY_BYTES) {
            int at = window.at(batches.position(), batches.size());
            visitor.entry(batches.offset(), count, window.buffer().slice(at, batches.size()));
        } else {
            ByteBuf bytes = bytes(segment, batches.position(), batches.size());
            try {
                visitor.entry(batches.offset(), count, bytes);
            } finally {
                bytes.release();
            }
        }
    }

    /** Receives the scanner at each sound batch; false ends the scan. */
    private interface BatchVisitor {
        boolean visit(BatchScanner batches) throws IOException;
    }

    /** Goes over the sound batches of a segment, at the latest from that of {@code from} on, and reports what is missing between them. */
    private void scan(Segment segment, long from, ReadWindow window, BatchVisitor visitor) throws IOException {
        long bytes = segment.bytes();
        long end = segment.endOffset();
        files.with(segment.log, file -> {
            window.open(file);
            OffsetIndex.Entry entry = segment.offsets.floor(from);
            BatchScanner batches = new BatchScanner(window, entry.position(), bytes);
            long expected = entry.offset();
            boolean found = batches.next(expected, segment.endOffset());
            if (entry.position() > 0
                    && !(found && batches.offset() == expected && batches.position() == entry.position())) {
                expected = segment.base;
                batches = new BatchScanner(window, 0, bytes);
                found = batches.next(expected, segment.endOffset());
            }
            long position = 0;
            while (found) {
                if (batches.offset() > expected && batches.offset() > from) {
                    missing(segment, position, batches.position(), Math.max(from, expected), batches.offset());
                }
                expected = batches.endOffset();
                position = batches.endPosition();
                if (!visitor.visit(batches)) {
                    return true;
                }
                found = batches.next(expected, segment.endOffset());
            }
            if (expected < end) {
                missing(segment, position, bytes, expected, end);
            }
            return true;
        });
    }

    private Batch locate(Segment segment, long offset) throws IOException {
        Batch known = next;
        if (known != null && known.base() == segment.base && known.offset() <= offset && offset < known.endOffset()) {
            return known;
        }
        OffsetIndex.Entry entry = segment.offsets.floor(offset);
        Batch found = walk(segment, entry, offset);
        return found != null ? found : search(segment, offset);
    }

    private @Nullable Batch walk(Segment segment, OffsetIndex.Entry from, long offset) throws IOException {
        long position = from.position();
        long expected = from.offset();
        while (true) {
            ByteBuf in = bytes(segment, position, RecordBatch.HEADER_BYTES);
            Batch batch;
            try {
                batch = header(segment, in, 0, position, expected);
            } finally {
                in.release();
            }
            if (batch == null || offset < batch.endOffset()) {
                return batch;
            }
            position += batch.size();
            expected = batch.endOffset();
        }
    }

    /** What the header at {@code at} says; null where it cannot be one with that offset. */
    private static @Nullable Batch header(Segment segment, ByteBuf in, int at, long position, long expected) {
        if (in.readableBytes() - at < RecordBatch.HEADER_BYTES || in.getByte(at + RecordBatch.MAGIC) != 2) {
            return null;
        }
        int size = RecordBatch.sizeBytes(in, at);
        int last = RecordBatch.lastOffsetDelta(in, at);
        if (size < RecordBatch.HEADER_BYTES || size > segment.bytes() - position || last < 0
                || RecordBatch.baseOffset(in, at) != expected) {
            return null;
        }
        return new Batch(segment.base, position, size, expected, expected + last + 1);
    }

    /** Looks at the whole segment; makes the index of a complete one anew, since it led astray. */
    private Batch search(Segment segment, long offset) throws IOException {
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
                        found = new Batch(segment.base, batches.position(), batches.size(), batches.offset(),
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

    private ByteBuf bytes(Segment segment, long position, int length) throws IOException {
        ByteBuf bytes = allocator.directBuffer(Math.max(1, length));
        try {
            files.with(segment.log, file -> file.read(position, bytes, length));
            return bytes;
        } catch (IOException | RuntimeException e) {
            bytes.release();
            throw e;
        }
    }

    private Damage missing(Segment segment, long position, long endPosition, long offset, long endOffset) {
        Damage damage = new Damage(id, segment.log.toString(), position, Math.max(0, endPosition - position), offset,
                endOffset - 1,
                "batches are missing or do not match their checksum");
        report.accept(damage);
        return damage;
    }
}
