// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.LogReader.Entry;
import io.relais.log.LogReader.EntryVisitor;
import io.relais.log.disk.FilePool;
import io.relais.log.disk.ReadWindow;
import io.relais.log.record.RecordBatch;
import io.relais.log.segment.HeaderWalk.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Reads batches from segments, with their checksums verified.
 *
 * <p>Thread: any; calls block. Memory: what is read.
 */
final class SegmentReader {
    private final LogId id;
    private final FilePool files;
    private final ByteBufAllocator allocator;
    private final SegmentList segments;
    private final BatchFinder finder;

    SegmentReader(SegmentedLog.Environment environment, LogId id, SegmentList segments, BatchFinder finder) {
        this.id = id;
        this.files = environment.files();
        this.allocator = environment.allocator();
        this.segments = segments;
        this.finder = finder;
    }

    @Nullable
    Entry read(long offset) throws IOException {
        if (offset >= segments.confirmedEnd()) {
            return null;
        }
        return finder.with(offset, segment -> {
            Batch batch = finder.locate(segment, offset);
            ByteBuf bytes = bytes(segment, batch.position(), batch.size());
            if (RecordBatch.verify(bytes, 0, bytes.readableBytes()) != null) {
                bytes.release();
                batch = finder.search(segment, offset);
                bytes = bytes(segment, batch.position(), batch.size());
            }
            return new Entry(batch.offset(), (int) (batch.endOffset() - batch.offset()), bytes);
        });
    }

    ByteBuf read(long offset, int position, int length) throws IOException {
        if (offset >= segments.confirmedEnd()) {
            throw new IllegalArgumentException("log " + id + " has no durable offset " + offset);
        }
        return finder.with(offset, segment -> {
            Batch batch = finder.locate(segment, offset);
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
        return finder.with(from, segment -> {
            ByteBuf bytes = batches(segment, finder.locate(segment, from), maxBytes);
            if (!bytes.isReadable()) {
                bytes.release();
                bytes = batches(segment, finder.search(segment, from), maxBytes);
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
            batch = HeaderWalk.header(segment, bytes, end, first.position() + end, batch.endOffset());
        }
        finder.expect(batch);
        return bytes.writerIndex(end);
    }

    /** The lowest batch with a timestamp of at least {@code timestampMs}: its base offset; -1 where there is none. */
    long offsetAt(long timestampMs) throws IOException {
        for (Segment segment : segments.all()) {
            if (segment.maxTimestamp() < timestampMs) {
                continue;
            }
            if (!segment.uses.acquire()) {
                return offsetAt(timestampMs); // trimmed or rewritten meanwhile
            }
            try (ReadWindow window = new ReadWindow(allocator)) {
                long[] found = {-1};
                scan(segment, segment.times.floor(timestampMs), window, batches -> {
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
        return -1;
    }

    void scan(long from, EntryVisitor visitor) throws IOException {
        long end = segments.confirmedEnd();
        try (ReadWindow window = new ReadWindow(allocator)) {
            for (long at = Math.max(from, segments.startOffset()); at < end;) {
                Segment segment;
                try {
                    segment = finder.acquire(at);
                } catch (LogException.Trimmed e) {
                    at = segments.startOffset();
                    continue;
                }
                try {
                    scan(segment, at, end, window, visitor);
                    at = segments.after(segment, at, end);
                } finally {
                    segment.uses.release();
                }
            }
        }
    }

    private void scan(Segment segment, long from, long end, ReadWindow window, EntryVisitor visitor)
            throws IOException {
        scan(segment, from, window, batches -> {
            if (batches.endOffset() > from && batches.offset() < end) {
                visit(segment, batches, window, visitor);
            }
            return batches.endOffset() < end;
        });
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
                    finder.missing(segment, position, batches.position(), Math.max(from, expected), batches.offset());
                }
                expected = batches.endOffset();
                position = batches.endPosition();
                if (!visitor.visit(batches)) {
                    return true;
                }
                found = batches.next(expected, segment.endOffset());
            }
            if (expected < end) {
                finder.missing(segment, position, bytes, expected, end);
            }
            return true;
        });
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
}
