// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * The aborted transactions of a partition, in the order of their markers: what a consumer with {@code read_committed} is told to leave out (KIP-98).
 *
 * <p>Thread: the owner of the partition's state. Memory: 32 bytes each; trimmed with the log.
 */
final class AbortedTransactions {
    private static final int FIELDS = 4;
    private static final int FIRST_CAPACITY = 4;

    private long[] fields = {};
    private int count;

    int count() {
        return count;
    }

    long producerId(int i) {
        return fields[i * FIELDS];
    }

    long firstOffset(int i) {
        return fields[i * FIELDS + 1];
    }

    /** Offset of the marker. */
    long lastOffset(int i) {
        return fields[i * FIELDS + 2];
    }

    /** What the last stable offset became when the marker was written: no transaction behind this one in the list begins below it. */
    long lastStableOffset(int i) {
        return fields[i * FIELDS + 3];
    }

    void add(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {
        if (fields.length == count * FIELDS) {
            fields = Arrays.copyOf(fields, Math.max(FIRST_CAPACITY * FIELDS, fields.length * 2));
        }
        int at = count++ * FIELDS;
        fields[at] = producerId;
        fields[at + 1] = firstOffset;
        fields[at + 2] = lastOffset;
        fields[at + 3] = lastStableOffset;
    }

    /** The first one whose marker is at an offset or behind it; {@link #count} where none is. */
    int firstEndingAt(long offset) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (lastOffset(middle) < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Visits those that have records from {@code from} on and below {@code end}. */
    void within(long from, long end, Partition.AbortedVisitor visitor) {
        for (int i = firstEndingAt(from); i < count; i++) {
            if (firstOffset(i) < end) {
                visitor.aborted(producerId(i), firstOffset(i), lastOffset(i));
            }
            if (lastStableOffset(i) >= end) {
                return;
            }
        }
    }

    /** Forgets those that ended below an offset. */
    void trim(long before) {
        int gone = firstEndingAt(before);
        if (gone > 0) {
            fields = Arrays.copyOfRange(fields, gone * FIELDS, count * FIELDS);
            count -= gone;
        }
    }

    /** Forgets those whose marker was at certain offsets. Returns whether there were any. */
    boolean removeIf(LongPredicate gone) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (!gone.test(lastOffset(i))) {
                System.arraycopy(fields, i * FIELDS, fields, kept++ * FIELDS, FIELDS);
            }
        }
        boolean any = kept < count;
        count = kept;
        return any;
    }
}
