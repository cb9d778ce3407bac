// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;

/** A reader of a log whose entries are record batches, version 2. An entry of {@link #read(long)} is one batch. */
public interface BatchReader extends LogReader {

    /**
     * Reads whole consecutive batches, with their checksums verified, beginning with the one that holds {@code from}: at least one, up to {@code maxBytes}; empty at the confirmed end.
     *
     * <p>Fails with {@link LogException.Trimmed} below the start, {@link LogException.Damaged} where the first batch does not match its checksum; a damaged one behind it ends the result.
     * The receiver releases the buffer.
     */
    CompletionStage<ByteBuf> readBatches(long from, int maxBytes);

    /** The lowest offset whose batch has a timestamp of at least {@code timestampMs}, to the precision of a batch; the confirmed end where there is none. */
    CompletionStage<Long> offsetAt(long timestampMs);
}
