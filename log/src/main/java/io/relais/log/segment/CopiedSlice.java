// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import io.netty.buffer.ByteBuf;
import io.relais.log.BatchSlice;

/** Batches in memory. Thread: one at a time. */
final class CopiedSlice implements BatchSlice {
    private final ByteBuf bytes;
    private final long endOffset;

    CopiedSlice(ByteBuf bytes, long endOffset) {
        this.bytes = bytes;
        this.endOffset = endOffset;
    }

    @Override
    public int sizeBytes() {
        return bytes.readableBytes();
    }

    @Override
    public long endOffset() {
        return endOffset;
    }

    @Override
    public Object take() {
        return bytes;
    }

    @Override
    public ByteBuf copy() {
        return bytes;
    }

    @Override
    public void close() {
        bytes.release();
    }
}
