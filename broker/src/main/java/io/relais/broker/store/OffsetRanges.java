// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.Arrays;

/**
 * A set of offsets as sorted, disjoint, non-adjacent ranges. Acknowledgements come nearly in order, so there are few.
 *
 * <p>Thread: the owner. Memory: 16 bytes per range. Adding in the middle moves what is above it.
 */
public final class OffsetRanges {
    private static final long[] NONE = {};

    private long[] from = NONE;
    private long[] to = NONE;
    private int size;

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** First offset of the range at an index. */
    public long from(int index) {
        return from[index];
    }

    /** Offset after the last of the range at an index. */
    public long to(int index) {
        return to[index];
    }

    public boolean contains(long offset) {
        int index = lastBeginningAtOrBelow(offset);
        return index >= 0 && offset < to[index];
    }

    /** The lowest offset at or above this one that is not in the set. */
    public long nextAbsent(long offset) {
        int index = lastBeginningAtOrBelow(offset);
        return index >= 0 && offset < to[index] ? to[index] : offset;
    }

    /** How many offsets of {@code [first, end)} are in the set. */
    public long count(long first, long end) {
        long count = 0;
        for (int i = Math.max(0, lastBeginningAtOrBelow(first)); i < size && from[i] < end; i++) {
            count += Math.max(0, Math.min(to[i], end) - Math.max(from[i], first));
        }
        return count;
    }

    /** Adds one offset; returns whether it was absent. */
    public boolean add(long offset) {
        int below = lastBeginningAtOrBelow(offset);
        if (below >= 0 && offset < to[below]) {
            return false;
        }
        boolean joinsBelow = below >= 0 && to[below] == offset;
        boolean joinsAbove = below + 1 < size && from[below + 1] == offset + 1;
        if (joinsBelow && joinsAbove) {
            to[below] = to[below + 1];
            remove(below + 1, 1);
        } else if (joinsBelow) {
            to[below] = offset + 1;
        } else if (joinsAbove) {
            from[below + 1] = offset;
        } else {
            insert(below + 1, offset, offset + 1);
        }
        return true;
    }

    /** Adds {@code [first, end)}, whatever of it is there already. */
    public void add(long first, long end) {
        if (first >= end) {
            return;
        }
        int index = lastBeginningAtOrBelow(first);
        if (index < 0 || to[index] < first) {
            index++;
        }
        int last = index;
        long newFrom = first;
        long newTo = end;
        while (last < size && from[last] <= end) {
            newFrom = Math.min(newFrom, from[last]);
            newTo = Math.max(newTo, to[last]);
            last++;
        }
        if (last == index) {
            insert(index, first, end);
        } else {
            from[index] = newFrom;
            to[index] = newTo;
            remove(index + 1, last - index - 1);
        }
    }

    /** Forgets everything below an offset. */
    public void removeBelow(long offset) {
        int gone = 0;
        while (gone < size && to[gone] <= offset) {
            gone++;
        }
        remove(0, gone);
        if (size > 0 && from[0] < offset) {
            from[0] = offset;
        }
    }

    public void clear() {
        size = 0;
        if (from.length > 1024) {
            from = NONE;
            to = NONE;
        }
    }

    private int lastBeginningAtOrBelow(long offset) {
        if (size == 0 || offset < from[0]) {
            return -1;
        }
        if (offset >= from[size - 1]) {
            return size - 1;
        }
        int index = Arrays.binarySearch(from, 0, size, offset);
        return index >= 0 ? index : -index - 2;
    }

    private void insert(int index, long first, long end) {
        if (size == from.length) {
            from = Arrays.copyOf(from, Math.max(4, size * 2));
            to = Arrays.copyOf(to, Math.max(4, size * 2));
        }
        System.arraycopy(from, index, from, index + 1, size - index);
        System.arraycopy(to, index, to, index + 1, size - index);
        from[index] = first;
        to[index] = end;
        size++;
    }

    private void remove(int index, int count) {
        if (count > 0) {
            System.arraycopy(from, index + count, from, index, size - index - count);
            System.arraycopy(to, index + count, to, index, size - index - count);
            size -= count;
        }
    }
}
