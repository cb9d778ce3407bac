// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.relais.log.LogException;
import io.relais.log.RetainedLog.BatchFilter;
import io.relais.log.disk.FilePool;
import io.relais.log.disk.ReadWindow;
import io.relais.log.record.RecordBatch;

/**
 * Writes what a filter keeps of some segments into the files of a new one. What it leaves out becomes one batch without records for each stretch, so that offsets stay dense over batches; Kafka's
 * clients pass over it.
 *
 * <p>Thread: one, used once. Memory: a window, a buffer, and one batch.
 */
final class SegmentRewrite {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final long NONE = -1;

    private final FilePool files;
    private final ByteBufAllocator allocator;
    private final BatchFinder finder;
    private final Segment target;
    private final BatchFilter filter;
    private final Runnable check;
    private final ByteBuf out;
    private long position;
    private long holeStart;
    private long holeEnd;
    private int holeLeaderEpoch;

    private SegmentRewrite(SegmentedLog.Environment environment, BatchFinder finder, Segment target,
            BatchFilter filter, Runnable check) {
        this.files = environment.files();
        this.allocator = environment.allocator();
        this.finder = finder;
        this.target = target;
        this.filter = filter;
        this.check = check;
        this.out = allocator.directBuffer(BUFFER_BYTES);
        this.holeStart = target.base;
        this.holeEnd = target.base;
    }

    /**
     * Writes the files of a segment durably, under names that nothing refers to yet.
     *
     * @param sources complete segments that follow one another, which nobody deletes meanwhile
     * @param target  the new one
     * @param check   called before each batch; what it throws ends the rewrite
     * @throws LogException.Damaged where a batch of the sources is not sound
     */
    static void run(SegmentedLog.Environment environment, BatchFinder finder,
            List<Segment> sources, Segment target, BatchFilter filter, Runnable check) throws IOException {
        var rewrite = new SegmentRewrite(environment, finder, target, filter, check);
        try {
            rewrite.files.with(target.log, file -> {
                file.truncate(0);
                return true;
            });
            for (Segment source : sources) {
                rewrite.read(source);
            }
            rewrite.finish(sources.getLast().endOffset());
        } finally {
            rewrite.out.release();
        }
    }

    private void read(Segment source) throws IOException {
        try (ReadWindow window = new ReadWindow(allocator)) {
            files.with(source.log, file -> {
                window.open(file);
                BatchScanner batches = new BatchScanner(window, 0, source.bytes());
                long expected = source.base;
                long end = 0;
                while (batches.next(expected, source.endOffset())) {
                    check.run();
                    checkSound(source, end, batches.position(), expected, batches.offset());
                    expected = batches.endOffset();
                    end = batches.endPosition();
                    take(source, batches, window);
                }
                checkSound(source, end, source.bytes(), expected, source.endOffset());
                return true;
            });
        }
    }

    private void checkSound(Segment source, long end, long position, long expected, long offset) {
        if (offset != expected) {
            throw new LogException.Damaged(finder.missing(source, end, position, expected, offset));
        }
    }

    private void take(Segment source, BatchScanner batches, ReadWindow window) throws IOException {
        if (batches.size() <= ReadWindow.CAPACITY_BYTES) {
            int at = window.at(batches.position(), batches.size());
            filter(window.buffer().slice(at, batches.size()), batches.offset());
            return;
        }
        ByteBuf batch = allocator.directBuffer(batches.size());
        try {
            files.with(source.log, file -> file.read(batches.position(), batch, batches.size()));
            filter(batch, batches.offset());
        } finally {
            batch.release();
        }
    }

    @SuppressWarnings("ReferenceEquality") // the filter gives back the batch itself, or another one
    private void filter(ByteBuf batch, long offset) throws IOException {
        int index = batch.readerIndex();
        int last = RecordBatch.lastOffsetDelta(batch, index);
        int leaderEpoch = batch.getInt(index + RecordBatch.LEADER_EPOCH);
        boolean isHole = RecordBatch.count(batch, index) == 0
                && batch.getLong(index + RecordBatch.PRODUCER_ID) == NONE;
        ByteBuf kept = isHole ? null : filter.filter(batch);
        if (kept == null) {
            leaveOut(offset, offset + last + 1, leaderEpoch);
            return;
        }
        if (kept != batch) {
            replacement(kept, offset, last);
        }
        writeHole();
        target.index(offset, position + out.readableBytes(), RecordBatch.maxTimestamp(kept, kept.readerIndex()));
        append(kept);
    }

    private static void replacement(ByteBuf batch, long offset, int last) {
        int at = batch.readerIndex();
        String wrong = RecordBatch.verify(batch, at, batch.readableBytes());
        if (wrong != null || RecordBatch.lastOffsetDelta(batch, at) != last
                || RecordBatch.sizeBytes(batch, at) != batch.readableBytes()) {
            throw new IllegalArgumentException("no batch can stand in the place of the one at offset " + offset
                    + " that is unsound or takes other offsets: " + wrong);
        }
        RecordBatch.baseOffset(batch, at, offset);
    }

    private void leaveOut(long offset, long end, int leaderEpoch) {
        if (holeStart == holeEnd) {
            holeStart = offset;
        }
        holeEnd = end;
        holeLeaderEpoch = leaderEpoch;
    }

    private void writeHole() throws IOException {
        if (holeEnd > holeStart) {
            target.index(holeStart, position + out.readableBytes(), NONE);
            append(hole());
            holeStart = holeEnd;
        }
    }

    private ByteBuf hole() {
        ByteBuf batch = Unpooled.buffer(RecordBatch.HEADER_BYTES);
        batch.writeLong(holeStart).writeInt(RecordBatch.HEADER_BYTES - RecordBatch.LENGTH_OVERHEAD);
        batch.writeInt(holeLeaderEpoch).writeByte(2).writeInt(0).writeShort(0);
        batch.writeInt((int) (holeEnd - holeStart - 1));
        batch.writeLong(NONE).writeLong(NONE); // timestamps
        batch.writeLong(NONE).writeShort((int) NONE).writeInt((int) NONE); // producer
        batch.writeInt(0);
        return batch.setInt(RecordBatch.CRC, RecordBatch.checksum(batch, 0, RecordBatch.HEADER_BYTES));
    }

    private void append(ByteBuf batch) throws IOException {
        if (position + out.readableBytes() + batch.readableBytes() > Segment.BYTES_MAX) {
            throw new IllegalArgumentException("what is kept does not fit into one segment: " + target);
        }
        if (out.readableBytes() + batch.readableBytes() > BUFFER_BYTES) {
            flush();
        }
        out.writeBytes(batch, batch.readerIndex(), batch.readableBytes());
    }

    private void flush() throws IOException {
        files.with(target.log, file -> {
            file.write(position, out);
            return true;
        });
        position += out.readableBytes();
        out.clear();
        target.flushManyIndexEntries();
    }

    private void finish(long end) throws IOException {
        writeHole();
        flush();
        files.with(target.log, file -> {
            file.sync();
            return true;
        });
        target.confirm(end, position);
        target.sealIndexes();
        target.sealed();
    }
}
