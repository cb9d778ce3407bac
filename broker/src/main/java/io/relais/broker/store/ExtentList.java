// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The extents of one queue's log in offset order. Those whose records are all acknowledged stand in it until they are swept out, at a cost that is constant per extent.
 *
 * <p>Thread: the owner. Memory: 4 bytes per extent, besides the extents.
 */
final class ExtentList {
    private static final Extent[] NONE = {};

    private @Nullable Extent[] extents = NONE;
    private int first;
    private int end;
    private int dead;

    boolean isEmpty() {
        return first == end;
    }

    int size() {
        return end - first;
    }

    Extent get(int index) {
        return java.util.Objects.requireNonNull(extents[first + index]);
    }

    void append(Extent extent) {
        if (end == extents.length) {
            makeRoom();
        }
        extents[end++] = extent;
    }

    /** Puts an extent at its place in the order. */
    void insert(Extent extent) {
        if (isEmpty() || get(size() - 1).base < extent.base) {
            append(extent);
            return;
        }
        int index = lastBeginningAtOrBelow(extent.base) + 1;
        append(extent);
        int at = first + index;
        System.arraycopy(extents, at, extents, at + 1, end - 1 - at);
        extents[at] = extent;
    }

    /** The extent that covers an offset, or null. */
    @Nullable
    Extent find(long offset) {
        int index = lastBeginningAtOrBelow(offset);
        if (index < 0) {
            return null;
        }
        Extent extent = get(index);
        return extent.covers(offset) ? extent : null;
    }

    /** Index of the first extent that ends above an offset: where a walk from there begins. */
    int indexFrom(long offset) {
        int index = lastBeginningAtOrBelow(offset);
        return index >= 0 && get(index).end() > offset ? index : index + 1;
    }

    /** Says that one more extent is dead; sweeps when that pays. */
    void died() {
        dead++;
        while (first < end && isDead(get(0))) {
            extents[first++] = null;
            dead--;
        }
        if (dead > 32 && dead > size() / 2) {
            sweep();
        }
    }

    /** Removes every extent without a live record. */
    void sweep() {
        int kept = first;
        for (int i = first; i < end; i++) {
            Extent extent = java.util.Objects.requireNonNull(extents[i]);
            if (!isDead(extent)) {
                extents[kept++] = extent;
            }
        }
        Arrays.fill(extents, kept, end, null);
        end = kept;
        dead = 0;
        if (isEmpty()) {
            clear();
        }
    }

    /** An extent of an open batch has no records yet, and is not dead. */
    private static boolean isDead(Extent extent) {
        return extent.live == 0 && extent.count > 0;
    }

    void clear() {
        if (extents.length > 64) {
            extents = NONE;
        } else {
            Arrays.fill(extents, null);
        }
        first = 0;
        end = 0;
        dead = 0;
    }

    private int lastBeginningAtOrBelow(long offset) {
        int low = first;
        int high = end - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (java.util.Objects.requireNonNull(extents[middle]).base <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high - first;
    }

    private void makeRoom() {
        int size = size();
        if (first > size && first > 8) {
            System.arraycopy(extents, first, extents, 0, size);
            Arrays.fill(extents, size, end, null);
        } else {
            @Nullable
            Extent[] larger = new Extent[Math.max(4, size * 2)];
            System.arraycopy(extents, first, larger, 0, size);
            extents = larger;
        }
        first = 0;
        end = size;
    }
}
