// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import org.jspecify.annotations.Nullable;

/** Joins neighbouring spans of a backlog, so that the deepest backlog is a handful of them. Thread: the owner. */
final class Spans {
    private Spans() {}

    /** Makes one span of those that follow each other both in the queue and in its backlog. */
    static void join(QueueLog log) {
        ExtentList extents = log.extents();
        @Nullable
        Extent last = null;
        for (int i = 0; i < extents.size(); i++) {
            Extent extent = extents.get(i);
            if (extent.live == 0) {
                continue;
            }
            if (last != null && follows(last, extent)) {
                last.count += extent.count;
                last.live += extent.live;
                extent.live = 0;
            } else {
                last = extent;
            }
        }
        extents.sweep();
        log.forgetCursor();
    }

    private static boolean follows(Extent first, Extent second) {
        return first.inBacklog() && second.inBacklog() && first.durable == second.durable && first.end() == second.base
                && first.position + first.count == second.position
                && first.count + (long) second.count <= Integer.MAX_VALUE;
    }
}
