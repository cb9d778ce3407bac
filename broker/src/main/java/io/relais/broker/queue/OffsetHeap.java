// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import java.util.Arrays;

/** Offsets, of which the lowest is at hand. A binary heap. Thread: the owner. Memory: 8 bytes per offset. */
final class OffsetHeap {
    private static final long[] NONE = {};

    private long[] heap = NONE;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    long lowest() {
        return heap[0];
    }

    void add(long offset) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, Math.max(16, size * 2));
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (heap[parent] <= offset) {
                break;
            }
            heap[at] = heap[parent];
            at = parent;
        }
        heap[at] = offset;
    }

    void removeLowest() {
        long last = heap[--size];
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (last <= heap[child]) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        if (size > 0) {
            heap[at] = last;
        } else if (heap.length > 1024) {
            heap = NONE;
        }
    }

    void clear() {
        size = 0;
        heap = NONE;
    }
}
