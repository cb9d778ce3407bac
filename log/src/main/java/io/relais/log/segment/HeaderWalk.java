// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.relais.log.disk.FilePool;
import io.relais.log.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Goes from batch to batch by their headers, without looking at what is in them.
 *
 * <p>Thread: one. Memory: {@link #PIECE_BYTES}.
 */
final class HeaderWalk implements AutoCloseable {
    private static final int PIECE_BYTES = 8 << 10;

    /** Where a batch is, as its header says. */
    record Batch(Segment segment, long position, int size, long offset, long endOffset) {
        long endPosition() {
            return position + size;
        }

        /** Whether it holds an offset and is in these files of a segment, not in those that were rewritten since. */
        boolean holds(Segment in, long wanted) {
            return segment.base == in.base && segment.generation == in.generation && offset <= wanted
                    && wanted < endOffset;
        }
    }

    private final FilePool files;
    private final Segment segment;
    private final ByteBuf piece;
    private long pieceAt;

    HeaderWalk(FilePool files, ByteBufAllocator allocator, Segment segment) {
        this.files = files;
        this.segment = segment;
        this.piece = allocator.directBuffer(PIECE_BYTES, PIECE_BYTES);
    }

    /** The batch that begins at a position; null where none can begin there that has this offset. */
    @Nullable
    Batch at(long position, long offset) throws IOException {
        if (position < pieceAt || position + RecordBatch.HEADER_BYTES > pieceAt + piece.writerIndex()) {
            pieceAt = position;
            piece.clear();
            int length = Math.clamp(segment.bytes() - position, 0, PIECE_BYTES);
            files.with(segment.log, file -> file.read(position, piece, length));
        }
        return header(segment, piece, (int) (position - pieceAt), position, offset);
    }

    /** What the header at {@code at} says; null where it cannot be one with that offset. */
    static @Nullable Batch header(Segment segment, ByteBuf in, int at, long position, long expected) {
        if (in.writerIndex() - at < RecordBatch.HEADER_BYTES || in.getByte(at + RecordBatch.MAGIC) != 2) {
            return null;
        }
        int size = RecordBatch.sizeBytes(in, at);
        int last = RecordBatch.lastOffsetDelta(in, at);
        if (size < RecordBatch.HEADER_BYTES || size > segment.bytes() - position || last < 0
                || RecordBatch.baseOffset(in, at) != expected) {
            return null;
        }
        return new Batch(segment, position, size, expected, expected + last + 1);
    }

    @Override
    public void close() {
        piece.release();
    }
}
