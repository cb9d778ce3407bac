// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;

/** Reads a log whose entries are record batches. */
public interface BatchReader extends LogReader {

    /**
     * Whole consecutive batches, verified, beginning with the one that holds {@code from}: at least one, and no more than fit into {@code maxBytes} beyond it; empty
     * at the confirmed end. The receiver releases the buffer. Fails as {@link #read(long)} does.
     */
    CompletionStage<ByteBuf> readBatches(long from, int maxBytes);
}
