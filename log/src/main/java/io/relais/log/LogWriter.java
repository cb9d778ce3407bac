// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;

/** The one writer of a log. It also reads. */
public interface LogWriter extends LogReader {

    /**
     * Appends one atomic entry that holds {@code count} records: a group commit, or record batches. Completes with the offset of the first
     * record once the entry is durable as {@link LogOptions#durable()} says; stages complete in offset order. After any failure every later append fails with
     * {@link LogException.WriterDead}: the log must be reopened to learn what survived.
     *
     * <p>The driver owns one reference of the buffer from the call on and releases it after completion; its bytes must not change until then.
     *
     * @param entry bytes from reader to writer index, at least 1
     * @param count records in the entry, at least 1; offsets are dense over records
     */
    CompletionStage<Long> append(ByteBuf entry, int count);

    /** The offset that the next record gets, counting appends that are not durable yet. */
    long nextOffset();

    /** Bytes of appends that are not durable yet. */
    long inFlightBytes();

    /** Begins a new file with the next append. */
    CompletionStage<Void> roll();

    /** A hint that nothing below {@code before} is read again: whole files go, {@link #startOffset()} is at most {@code before} afterwards. */
    CompletionStage<Void> trim(long before);

    /** One file of the log: what {@link #trim} frees as a whole. */
    record Part(long firstOffset, long endOffset, long bytes) {}

    /** The files of the log, oldest first, with the bytes they take on the disk. Cheap; from any thread. */
    List<Part> parts();

    /** Called once, when the writer can no longer append: fenced, or the disk failed. */
    void onDead(Consumer<LogException> listener);
}
