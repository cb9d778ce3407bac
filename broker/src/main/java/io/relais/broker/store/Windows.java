// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.LinkedHashMap;
import java.util.Map;

/** Bounds the memory in which backlogs are read: with many readers each gets a smaller window, and the one that was read least lately gives up its own. Thread: the owner. */
final class Windows {
    private static final int LARGEST = 256 << 10;
    private static final int SMALLEST = 16 << 10;

    private final long budgetBytes;
    private final Map<Backlog, Integer> open = new LinkedHashMap<>();
    private long bytes;

    Windows(long budgetBytes) {
        this.budgetBytes = budgetBytes;
    }

    /** How much to read at once now. */
    int sizeBytes() {
        return Math.clamp(budgetBytes / (open.size() + 1), SMALLEST, LARGEST);
    }

    void opened(Backlog backlog, int sizeBytes) {
        open.put(backlog, sizeBytes);
        bytes += sizeBytes;
        while (bytes > budgetBytes && open.size() > 1) {
            open.keySet().iterator().next().dropWindow();
        }
    }

    void closed(Backlog backlog) {
        Integer size = open.remove(backlog);
        bytes -= size == null ? 0 : size;
    }
}
