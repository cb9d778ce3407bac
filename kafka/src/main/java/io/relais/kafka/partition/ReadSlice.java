// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import io.netty.buffer.ByteBuf;
import io.relais.log.BatchSlice;

/** Batches that were brought into memory, because they are going to be encrypted. */
record ReadSlice(ByteBuf bytes, long endOffset) implements BatchSlice {
    @Override
    public int sizeBytes() {
        return bytes.readableBytes();
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
