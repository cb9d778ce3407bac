// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

import io.netty.buffer.ByteBuf;

/** Whole batches of a retained log, in a file or in memory. Its holder calls one of {@link #take}, {@link #copy} and {@link #close}, once. */
public interface BatchSlice extends AutoCloseable {

    /** Bytes of the batches. */
    int sizeBytes();

    /** The offset after its last record. */
    long endOffset();

    /** What a Netty channel writes: a {@code ByteBuf}, or a {@code FileRegion} that the system sends from the page cache. The receiver releases it. */
    Object take();

    /** The bytes, read if they are in a file: blocks then. The receiver releases them. */
    ByteBuf copy();

    @Override
    void close();
}
