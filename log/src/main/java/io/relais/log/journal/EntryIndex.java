// SPDX-License-Identifier: Apache-2.0
package io.relais.log.journal;

import java.util.Arrays;

/**
 * Where the entries of one file are.
 *
 * <p>Thread: one adds; any reads, and sees at least what was added before it learned of the offset.
 * <p>Memory: 20 bytes per entry, that is per group a round handed over, not per record.
 */
final class EntryIndex {
    private long[] offsets = new long[16];
    private int[] sectors = new int[16];
    private int[] lengths = new int[16];
    private int[] counts = new int[16];
    private volatile int size;

    void add(long offset, int count, long position, int length) {
        int n = size;
        if (n == offsets.length) {
            counts = Arrays.copyOf(counts, n * 2);
            lengths = Arrays.copyOf(lengths, n * 2);
            sectors = Arrays.copyOf(sectors, n * 2);
            offsets = Arrays.copyOf(offsets, n * 2);
        }
        offsets[n] = offset;
        sectors[n] = (int) (position / Frame.ALIGNMENT_BYTES);
        lengths[n] = length;
        counts[n] = count;
        size = n + 1;
    }

    int size() {
        return size;
    }

    /** Index of the last entry that begins at or below {@code offset}, or -1. */
    int floor(long offset) {
        int n = size;
        int found = Arrays.binarySearch(offsets, 0, n, offset);
        return found >= 0 ? found : -found - 2;
    }

    long offset(int index) {
        return offsets[index];
    }

    int count(int index) {
        return counts[index];
    }

    long endOffset(int index) {
        return offsets[index] + counts[index];
    }

    /** Position of the frame in the file. */
    long position(int index) {
        return (long) sectors[index] * Frame.ALIGNMENT_BYTES;
    }

    /** Bytes of the payload. */
    int length(int index) {
        return lengths[index];
    }
}
