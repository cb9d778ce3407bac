// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.relais.log.RetainedOptions;
import io.relais.log.disk.FilePool;
import io.relais.log.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Writes appends of one log through the page cache: large ones straight from where they are, small ones that follow one another together. Begins new segments without waiting for the disk.
 *
 * <p>Thread: guarded by its log. Memory: a buffer of up to {@link #TOGETHER_BYTES} during a call.
 */
final class RetainedWriter {
    /** Appends from this size on are written by themselves: a copy would cost more than a system call. */
    private static final int LARGE_BYTES = 8 << 10;

    private static final int TOGETHER_BYTES = 64 << 10;

    private final FilePool files;
    private final ByteBufAllocator allocator;
    private final Path folder;
    private final SegmentList segments;
    private final List<Segment> complete = new ArrayList<>();

    private Segment active;
    private long position;
    private long endOffset;
    private boolean hasFolder;
    private @Nullable ByteBuf together;

    RetainedWriter(SegmentedLog.Environment environment, Path folder, SegmentList segments, boolean hasFolder) {
        this.files = environment.files();
        this.allocator = environment.allocator();
        this.folder = folder;
        this.segments = segments;
        this.hasFolder = hasFolder;
        this.active = segments.all().getLast();
        this.position = active.bytes();
        this.endOffset = segments.confirmedEnd();
    }

    /** Writes appends, and lets them be read. */
    void write(PendingAppend first, RetainedOptions options) throws IOException {
        if (!hasFolder) {
            files.disk().createFolder(folder);
            hasFolder = true;
        }
        try {
            for (PendingAppend append = first; append != null; append = append.next) {
                place(append, options);
            }
            flush();
        } finally {
            if (together != null) {
                together.release();
                together = null;
            }
        }
        active.flushManyIndexEntries();
        confirm();
    }

    private void place(PendingAppend append, RetainedOptions options) throws IOException {
        int length = append.bytes();
        long at = position + (together == null ? 0 : together.readableBytes());
        if (isDue(append, at, options)) {
            changeSegment();
            at = 0;
        }
        note(append.batches, at, options.indexIntervalBytes());
        if (length >= LARGE_BYTES || (append.next == null && together == null)) {
            flush();
            write(append.batches);
        } else {
            if (together == null) {
                together = allocator.directBuffer(TOGETHER_BYTES);
            }
            together.writeBytes(append.batches, append.batches.readerIndex(), length);
            if (together.readableBytes() > TOGETHER_BYTES - LARGE_BYTES) {
                flush();
            }
        }
        endOffset = append.endOffset;
    }

    private boolean isDue(PendingAppend append, long at, RetainedOptions options) {
        return at > 0 && (append.newFile
                || at + append.bytes() > Math.min(options.segmentBytes(), Segment.BYTES_MAX)
                || append.endOffset - active.base > Integer.MAX_VALUE);
    }

    private void note(ByteBuf batches, long position, int indexIntervalBytes) {
        RecentBatches recent = active.recent();
        if (recent == null) {
            recent = new RecentBatches(active.base);
            active.recent(recent);
        }
        int start = batches.readerIndex();
        for (int at = start; at < batches.writerIndex(); at += RecordBatch.sizeBytes(batches, at)) {
            long offset = RecordBatch.baseOffset(batches, at);
            long batchPosition = position + at - start;
            active.index(offset, batchPosition, RecordBatch.maxTimestamp(batches, at), indexIntervalBytes);
            recent.add(offset, batchPosition);
        }
    }

    private void flush() throws IOException {
        if (together != null && together.isReadable()) {
            write(together);
            together.clear();
        }
    }

    private void write(ByteBuf bytes) throws IOException {
        files.with(active.log, file -> {
            file.write(position, bytes);
            return true;
        });
        position += bytes.readableBytes();
    }

    private void confirm() {
        active.confirm(endOffset, position);
        segments.confirm(endOffset);
    }

    private void changeSegment() throws IOException {
        flush();
        active.flushIndexes();
        confirm();
        synchronized (complete) {
            complete.add(active);
        }
        active = new Segment(files, folder, endOffset);
        position = 0;
        segments.add(active);
    }

    void flushIndexes() throws IOException {
        active.flushIndexes();
    }

    /** Whether there are segments for {@link #takeComplete}. */
    boolean hasComplete() {
        synchronized (complete) {
            return !complete.isEmpty();
        }
    }

    /** Takes segments that were completed since the last call, to seal them. Thread: any. */
    List<Segment> takeComplete() {
        synchronized (complete) {
            List<Segment> taken = List.copyOf(complete);
            complete.clear();
            return taken;
        }
    }
}
