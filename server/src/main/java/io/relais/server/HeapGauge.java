// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

import org.jspecify.annotations.Nullable;

/** How much of the Java heap is in live use. What is used includes garbage, so it only tells that there is nothing to worry about. */
final class HeapGauge {
    private final Runtime runtime = Runtime.getRuntime();

    long maxBytes() {
        return runtime.maxMemory();
    }

    /** Live bytes and garbage. Cheap. */
    long usedBytes() {
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** What was left after the last collection of each part of the heap. */
    long liveBytes() {
        long live = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            @Nullable
            MemoryUsage afterCollection = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            live += afterCollection == null ? 0 : afterCollection.getUsed();
        }
        return live;
    }

    /** Has what is live counted anew. Stops the program for as long as a full collection takes. */
    void collect() {
        System.gc();
    }
}
