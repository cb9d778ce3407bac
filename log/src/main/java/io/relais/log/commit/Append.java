// SPDX-License-Identifier: Apache-2.0
package io.relais.log.commit;

import java.util.concurrent.CompletableFuture;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One entry on its way to the disk, and the promise of its first offset.
 *
 * <p>Memory: this object is all that an append allocates.
 */
public final class Append extends CompletableFuture<Long> {
    private final ByteBuf bytes;
    private final long offset;
    private final int count;
    private final boolean newFile;

    /** The append that came before it, while both wait: {@link GroupCommit} keeps a stack. */
    @Nullable
    Append earlier;

    Append(ByteBuf bytes, long offset, int count, boolean newFile) {
        this.bytes = bytes;
        this.offset = offset;
        this.count = count;
        this.newFile = newFile;
    }

    public ByteBuf bytes() {
        return bytes;
    }

    /** Offset of its first record. */
    public long offset() {
        return offset;
    }

    /** Records in it. */
    public int count() {
        return count;
    }

    /** The offset after its last record. */
    public long endOffset() {
        return offset + count;
    }

    /** Whether a new file was asked for before it. */
    public boolean newFile() {
        return newFile;
    }
}
