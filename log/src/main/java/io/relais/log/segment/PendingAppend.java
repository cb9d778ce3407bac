// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Batches on their way into the page cache.
 *
 * <p>Memory: this object is all that an append allocates.
 */
final class PendingAppend {
    final ByteBuf batches;
    /** The offset after its last record. */
    final long endOffset;
    final boolean newFile;

    /** While it waits the append before it, then the one behind it. */
    @Nullable
    PendingAppend next;

    PendingAppend(ByteBuf batches, long endOffset, boolean newFile) {
        this.batches = batches;
        this.endOffset = endOffset;
        this.newFile = newFile;
    }

    int bytes() {
        return batches.readableBytes();
    }

    /** Turns a stack, the latest on top, into a list, the earliest first. */
    static @Nullable PendingAppend inOrder(@Nullable PendingAppend latest) {
        PendingAppend first = null;
        for (PendingAppend append = latest; append != null;) {
            PendingAppend earlier = append.next;
            append.next = first;
            first = append;
            append = earlier;
        }
        return first;
    }
}
