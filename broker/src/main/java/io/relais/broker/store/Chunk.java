// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A block of memory that is the image of what goes to the journal: items, one after another. Batches in it are served to consumers from here; when memory runs short the bytes are dropped,
 * and read back from the journal to the same places when needed.
 *
 * <p>Thread: the owner.
 */
final class Chunk {
    /** Size in bytes, in memory or not. */
    int capacity;

    /** The bytes; null: not in memory. */
    @Nullable
    ByteBuf memory;

    /** Whether more is being written at its end. */
    boolean open = true;

    /** Appends of its bytes that are on their way to the disk, and reads: its memory stays meanwhile. */
    int pins;

    /** Bytes from the beginning that were given to the journal. */
    int journaled;

    /** Live extents in it. */
    int live;

    /** Who waits for its bytes to be read back; null: nobody. */
    @Nullable
    List<Runnable> waiting;

    private @Nullable Extent first;

    // where its bytes are in the journal: range i begins at byte starts[i] and is in entry entries[i] from its byte positions[i]
    private int ranges;
    private int[] starts = new int[2];
    private int[] positions = new int[2];
    private long[] entries = new long[2];

    Chunk(ByteBuf memory) {
        this.memory = memory;
        this.capacity = memory.capacity();
    }

    /** A chunk that is in the journal only, as recovery finds it: empty at first. */
    Chunk() {
        this.open = false;
    }

    /** Adds a whole entry of the journal to a chunk that recovery builds. Returns the index at which it begins. */
    int recovered(long entry, int bytes) {
        int start = capacity;
        addRange(start, entry, 0);
        capacity += bytes;
        journaled = capacity;
        return start;
    }

    ByteBuf memory() {
        return java.util.Objects.requireNonNull(memory, "chunk is not in memory");
    }

    boolean inMemory() {
        return memory != null;
    }

    boolean isJournaled() {
        return ranges > 0;
    }

    void link(Extent extent) {
        extent.chunk = this;
        extent.previous = null;
        extent.next = first;
        if (first != null) {
            first.previous = extent;
        }
        first = extent;
        live++;
    }

    void unlink(Extent extent) {
        if (extent.previous != null) {
            extent.previous.next = extent.next;
        } else {
            first = extent.next;
        }
        if (extent.next != null) {
            extent.next.previous = extent.previous;
        }
        extent.previous = null;
        extent.next = null;
        live--;
    }

    /** The live extents, in no order; a copy. */
    List<Extent> extents() {
        List<Extent> list = new ArrayList<>(live);
        for (Extent extent = first; extent != null; extent = extent.next) {
            list.add(extent);
        }
        return list;
    }

    /** Says where the bytes from {@code start}, up to the next range, are in the journal. */
    void addRange(int start, long entry, int position) {
        if (ranges == starts.length) {
            starts = Arrays.copyOf(starts, ranges * 2);
            positions = Arrays.copyOf(positions, ranges * 2);
            entries = Arrays.copyOf(entries, ranges * 2);
        }
        starts[ranges] = start;
        positions[ranges] = position;
        entries[ranges] = entry;
        ranges++;
    }

    int ranges() {
        return ranges;
    }

    int start(int range) {
        return starts[range];
    }

    int length(int range) {
        return (range + 1 < ranges ? starts[range + 1] : journaled) - starts[range];
    }

    long entry(int range) {
        return entries[range];
    }

    int position(int range) {
        return positions[range];
    }

    /** The journal's offset of the first entry that holds bytes of it. */
    long firstEntry() {
        return entries[0];
    }
}
