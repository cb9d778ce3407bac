// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.util.zip.CRC32C;

import io.netty.buffer.ByteBuf;
import io.relais.log.disk.ReadWindow;
import io.relais.log.record.Crc;
import io.relais.log.record.RecordBatch;

/**
 * Finds the sound batches of a segment, whatever else is in it. Where a batch is bad, the next one is looked for behind it as its length tells, then byte by byte.
 *
 * <p>Cost: one pass; where something is bad, a look at every byte, and checksums of at most {@link #SEARCH_FACTOR} times the segment. Memory: that of the window.
 */
final class BatchScanner {
    /** Bounds what false beginnings of batches, which a sender may have put into his messages, can cost. */
    private static final int SEARCH_FACTOR = 8;

    private final ReadWindow window;
    private final long end;
    private final CRC32C crc = new CRC32C();
    private long budgetBytes;

    private long position;
    private long nextPosition;
    private long offset;
    private int size;
    private int lastOffsetDelta;
    private long maxTimestamp;

    /**
     * @param window open on the segment
     * @param start  position at which a batch begins
     * @param end    position at which the segment ends
     */
    BatchScanner(ReadWindow window, long start, long end) {
        this.window = window;
        this.nextPosition = start;
        this.end = end;
        this.budgetBytes = SEARCH_FACTOR * Math.max(0, end - start);
    }

    /**
     * Moves to the next sound batch. No checksum covers its offset: what follows the last batch at once must have the expected one.
     *
     * @param expected the offset it should have
     * @param limit    no batch has an offset from here on
     * @return false where there is none
     */
    boolean next(long expected, long limit) throws IOException {
        long at = nextPosition;
        if (isBatch(at, expected, expected + 1)) {
            return found(at);
        }
        long claimed = at + size;
        if (size > 0 && isBatch(claimed, expected, limit)) {
            return found(claimed);
        }
        for (at++; at + RecordBatch.HEADER_BYTES <= end && budgetBytes > 0; at++) {
            if (isBatch(at, expected, limit)) {
                return found(at);
            }
        }
        nextPosition = end;
        return false;
    }

    private boolean found(long at) {
        position = at;
        nextPosition = at + size;
        return true;
    }

    /** Sets {@link #size} to what the batch claims, or to 0 where it cannot be one. */
    private boolean isBatch(long at, long offsetMin, long offsetLimit) throws IOException {
        size = 0;
        if (at + RecordBatch.HEADER_BYTES > end) {
            return false;
        }
        int index = window.at(at, RecordBatch.HEADER_BYTES);
        if (index < 0) {
            return false;
        }
        ByteBuf in = window.buffer();
        int claimed = RecordBatch.sizeBytes(in, index);
        if (in.getByte(index + RecordBatch.MAGIC) != 2 || claimed < RecordBatch.HEADER_BYTES || claimed > end - at) {
            return false;
        }
        size = claimed;
        offset = RecordBatch.baseOffset(in, index);
        lastOffsetDelta = RecordBatch.lastOffsetDelta(in, index);
        maxTimestamp = RecordBatch.maxTimestamp(in, index);
        int expected = in.getInt(index + RecordBatch.CRC);
        if (offset < offsetMin || offset >= offsetLimit || lastOffsetDelta < 0) {
            return false;
        }
        budgetBytes -= at == nextPosition ? 0 : size;
        return checksum(at) == expected;
    }

    private int checksum(long at) throws IOException {
        crc.reset();
        for (long from = at + RecordBatch.ATTRIBUTES; from < at + size;) {
            int part = (int) Math.min(at + size - from, ReadWindow.CAPACITY_BYTES / 2);
            int index = window.at(from, part);
            if (index < 0) {
                return ~(int) crc.getValue();
            }
            Crc.update(crc, window.buffer(), index, part);
            from += part;
        }
        return (int) crc.getValue();
    }

    long position() {
        return position;
    }

    long endPosition() {
        return nextPosition;
    }

    long offset() {
        return offset;
    }

    long endOffset() {
        return offset + lastOffsetDelta + 1;
    }

    int size() {
        return size;
    }

    long maxTimestamp() {
        return maxTimestamp;
    }
}
