// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.relais.log.LogId;
import io.relais.log.LogOptions;
import io.relais.log.commit.Append;
import io.relais.log.commit.GroupCommit;
import io.relais.log.disk.FilePool;
import io.relais.log.record.RecordBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes groups of batches: copies them into one buffer, stamps their offsets there, writes and syncs, and only then adds to the indexes, which therefore never point at what a power cut may take.
 *
 * <p>Thread: that of {@link GroupCommit}. Memory: a buffer of up to {@link #BUFFER_BYTES}, or one entry, while a group is written; nothing in between.
 */
final class SegmentSink implements GroupCommit.Sink {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(SegmentSink.class);

    private final LogId id;
    private final Path folder;
    private final FilePool files;
    private final ByteBufAllocator allocator;
    private final SegmentList segments;
    private final List<Manifest.Sealed> sealed;
    private final long epoch;
    private final long segmentBytes;
    private final boolean durable;

    private Segment active;
    private long position;
    private long endOffset;

    SegmentSink(SegmentedLog.Environment environment, LogId id, Path folder, SegmentList segments,
            List<Manifest.Sealed> sealed, long epoch, LogOptions options) {
        this.id = id;
        this.folder = folder;
        this.files = environment.files();
        this.allocator = environment.allocator();
        this.segments = segments;
        this.sealed = new ArrayList<>(sealed);
        this.epoch = epoch;
        this.segmentBytes = Math.min(options.segmentBytes(), Segment.BYTES_MAX);
        this.durable = options.durable();
        this.active = segments.all().getLast();
        this.position = active.bytes();
        this.endOffset = segments.confirmedEnd();
    }

    @Override
    public void commit(List<Append> group) throws IOException {
        long groupBytes = 0;
        for (Append append : group) {
            groupBytes += append.bytes().readableBytes();
        }
        ByteBuf buffer = allocator.directBuffer((int) Math.min(groupBytes, BUFFER_BYTES));
        try {
            for (Append append : group) {
                int length = append.bytes().readableBytes();
                if (isDue(append, length, position + buffer.readableBytes())) {
                    changeSegment(buffer);
                }
                if (buffer.readableBytes() + length > BUFFER_BYTES) {
                    write(buffer);
                }
                copy(append, buffer);
            }
            write(buffer);
        } finally {
            buffer.release();
        }
        publish();
        segments.confirm(endOffset);
    }

    private boolean isDue(Append append, int length, long at) {
        return at > 0 && (append.newFile() || at + length > segmentBytes
                || append.endOffset() - active.base > Integer.MAX_VALUE);
    }

    private void copy(Append append, ByteBuf buffer) {
        int at = buffer.writerIndex();
        buffer.writeBytes(append.bytes(), append.bytes().readerIndex(), append.bytes().readableBytes());
        while (at < buffer.writerIndex()) {
            RecordBatch.baseOffset(buffer, at, endOffset);
            active.index(endOffset, position + at, RecordBatch.maxTimestamp(buffer, at));
            endOffset += RecordBatch.lastOffsetDelta(buffer, at) + 1;
            at += RecordBatch.sizeBytes(buffer, at);
        }
    }

    private void write(ByteBuf buffer) throws IOException {
        if (buffer.isReadable()) {
            files.with(active.log, file -> {
                file.write(position, buffer);
                return true;
            });
            position += buffer.readableBytes();
            buffer.clear();
        }
    }

    private void publish() throws IOException {
        if (durable) {
            sync(active);
        }
        active.flushIndexes();
        active.confirm(endOffset, position);
        if (durable) {
            checkpoint();
        }
    }

    private void checkpoint() throws IOException {
        new Checkpoint(point(), epoch, active.maxTimestamp(), active.offsets.file().count(),
                active.times.file().count()).write(files, folder);
    }

    private Manifest.Point point() {
        return new Manifest.Point(active.base, position, endOffset);
    }

    private void sync(Segment segment) throws IOException {
        files.with(segment.log, file -> {
            file.sync();
            return true;
        });
    }

    private void changeSegment(ByteBuf buffer) throws IOException {
        write(buffer);
        sync(active);
        publish();
        active.sealIndexes();
        sealed.add(active.seal());
        sealed.removeIf(segment -> segment.end() <= segments.startOffset());
        active = new Segment(files, folder, endOffset);
        position = 0;
        new Manifest(epoch, point(), sealed).write(files.disk(), folder);
        active.create(files);
        segments.add(active);
    }

    @Override
    public void finish(boolean sound) {
        if (sound && !durable) {
            try {
                sync(active);
                checkpoint();
            } catch (IOException e) {
                LOG.warn("log {}: closed, but its end could not be synced: {}", id, e.getMessage());
            }
        }
    }
}
