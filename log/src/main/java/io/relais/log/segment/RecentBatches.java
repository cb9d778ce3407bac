// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import org.jspecify.annotations.Nullable;

/**
 * Where the batches written last to a segment begin, so that readers near its end need no I/O to find them.
 *
 * <p>Thread: one adds, any reads. Memory: 8 bytes per batch, for {@link #COUNT_MAX} batches at most; grows as batches come.
 */
final class RecentBatches {
    static final int COUNT_MAX = 512;
    private static final int COUNT_MIN = 16;

    private final long base;
    private int[] offsets = new int[COUNT_MIN];
    private int[] positions = new int[COUNT_MIN];
    private int added;
    private int count;

    RecentBatches(long base) {
        this.base = base;
    }

    /** Whole batches that follow one another. */
    record Range(long offset, int position, int endPosition, long endOffset) {
        int sizeBytes() {
            return endPosition - position;
        }
    }

    synchronized void add(long offset, long position) {
        if (count == offsets.length && count < COUNT_MAX) {
            grow();
        }
        int at = added % offsets.length;
        offsets[at] = (int) (offset - base);
        positions[at] = (int) position;
        added = at + 1;
        count = Math.min(count + 1, offsets.length);
    }

    private void grow() {
        int[] longerOffsets = new int[offsets.length * 2];
        int[] longerPositions = new int[offsets.length * 2];
        for (int i = 0; i < count; i++) {
            longerOffsets[i] = offsets[index(i)];
            longerPositions[i] = positions[index(i)];
        }
        offsets = longerOffsets;
        positions = longerPositions;
        added = count;
    }

    /** Where the {@code nth} is, the oldest being 0. */
    private int index(int nth) {
        return (added - count + nth + offsets.length) % offsets.length;
    }

    private long offset(int nth) {
        return base + offsets[index(nth)];
    }

    private int position(int nth) {
        return positions[index(nth)];
    }

    /**
     * Batches from the one that holds {@code from} on: the first one, and as many as fit into {@code maxBytes}, below {@code end}.
     *
     * @param written where the last batch that may be read ends, and the offset after it
     * @return null where the first one is not among these; an empty range where it holds {@code end}
     */
    synchronized @Nullable Range range(long from, int maxBytes, long end, Manifest.Point written) {
        if (count == 0 || from < offset(0)) {
            return null;
        }
        int first = last(nth -> offset(nth) <= from);
        int start = position(first);
        // the border after batch nth is the beginning of the next one, or the end of what is written
        int border = last(nth -> nth <= first
                || (offset(nth) <= end && offset(nth) <= written.offset()
                        && ((long) position(nth) - start <= maxBytes || nth == first + 1)));
        int endPosition = position(border);
        long endOffset = offset(border);
        if (border == count - 1 && endOffset < written.offset() && written.offset() <= end
                && (written.position() - start <= maxBytes || border == first)) {
            endPosition = (int) written.position();
            endOffset = written.offset();
        }
        return new Range(offset(first), start, endPosition, endOffset);
    }

    private interface Test {
        boolean holds(int nth);
    }

    /** The last one for which a test holds that holds for the first ones, and for no later ones. */
    private int last(Test test) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (test.holds(middle)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
