// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import io.relais.log.BatchSlice;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.commit.Blocking;
import io.relais.log.disk.FilePool;
import io.relais.log.segment.RecentBatches.Range;
import org.jspecify.annotations.Nullable;

/**
 * Reads retained logs without looking into batches. Near the end of a log it needs no I/O, and no other thread: the batches written last are known, and their bytes are in the page cache. Further back a thread
 * that may wait finds the batches, and brings their bytes into the page cache before they are sent from there.
 *
 * <p>Thread: any.
 */
final class SliceReader {
    private final SegmentedLog.Environment environment;
    private final LogId id;
    private final SegmentList segments;
    private final BatchFinder finder;

    SliceReader(SegmentedLog.Environment environment, LogId id, SegmentList segments, BatchFinder finder) {
        this.environment = environment;
        this.id = id;
        this.segments = segments;
        this.finder = finder;
    }

    CompletionStage<@Nullable BatchSlice> slice(long from, int maxBytes, long end) {
        if (from >= Math.min(end, segments.confirmedEnd())) {
            return CompletableFuture.completedFuture(null);
        }
        Segment segment;
        try {
            segment = finder.acquire(from);
        } catch (LogException.Trimmed e) {
            return CompletableFuture.failedFuture(e);
        }
        RecentBatches recent = segment.recent();
        Range range = recent == null ? null : recent.range(from, maxBytes, end, segment.end());
        if (range != null && range.sizeBytes() == 0) {
            segment.uses.release();
            return CompletableFuture.completedFuture(null);
        }
        FilePool.Pin pin = range == null ? null : environment.files().pinIfOpen(segment.log);
        FileChannel channel = pin == null ? null : pin.file().channel();
        if (range != null && pin != null && channel != null) {
            return CompletableFuture
                    .completedFuture(new FileSlice(segment, pin, channel, environment.allocator(), range));
        }
        if (pin != null) {
            pin.release();
        }
        return Blocking.on(environment.io(), "log " + id, () -> load(segment, from, maxBytes, end, range));
    }

    /** Takes over the use of the segment. */
    private @Nullable BatchSlice load(Segment segment, long from, int maxBytes, long end, @Nullable Range known)
            throws IOException {
        FilePool.Pin pin = null;
        BatchSlice slice = null;
        try {
            Range range = known != null ? known : finder.range(segment, from, maxBytes, end);
            if (range.sizeBytes() > 0) {
                pin = environment.files().pin(segment.log);
                slice = slice(segment, pin, range);
            }
            return slice;
        } finally {
            if (!(slice instanceof FileSlice)) {
                segment.uses.release();
                if (pin != null) {
                    pin.release();
                }
            }
        }
    }

    private BatchSlice slice(Segment segment, FilePool.Pin pin, Range range) throws IOException {
        FileChannel channel = pin.file().channel();
        if (channel != null && pin.file().load(range.position(), range.sizeBytes())) {
            return new FileSlice(segment, pin, channel, environment.allocator(), range);
        }
        ByteBuf bytes = environment.allocator().directBuffer(range.sizeBytes());
        try {
            pin.file().read(range.position(), bytes, range.sizeBytes());
            return new CopiedSlice(bytes, range.endOffset());
        } catch (IOException | RuntimeException | Error e) {
            bytes.release();
            throw e;
        }
    }
}
