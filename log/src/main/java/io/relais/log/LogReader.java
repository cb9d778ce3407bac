// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Reads one log. Thread: any; blocking work is done on the driver's threads. */
public interface LogReader extends AutoCloseable {

    /** The lowest offset that may still be read. */
    long startOffset();

    /** The offset after the last durable record. */
    long confirmedEnd();

    /** One entry as it was appended. The receiver of {@code bytes} releases them. */
    record Entry(long offset, int count, ByteBuf bytes) {}

    /**
     * Reads the entry that holds {@code offset}, with its checksum verified; null at the confirmed end.
     *
     * <p>Fails with {@link LogException.Trimmed} below the start, {@link LogException.Damaged} where the bytes do not match their checksum.
     */
    CompletionStage<@Nullable Entry> read(long offset);

    /**
     * Reads a part of an entry, without verifying the entry's checksum: what is inside carries its own.
     *
     * @param offset   any offset inside the entry
     * @param position where the part begins, in bytes from the entry's first
     * @param length   bytes; the part must lie within the entry
     */
    CompletionStage<ByteBuf> read(long offset, int position, int length);

    /** Receives entries one after the other. */
    interface EntryVisitor {
        /** @param bytes valid during the call only */
        void entry(long offset, int count, ByteBuf bytes);
    }

    /**
     * Reads everything durable from the entry that holds {@code from} on, in order, in large reads: for recovery. Damaged entries are reported as {@link Damage} and passed over.
     *
     * @param from    offset; the start of the log where it lies below
     * @param visitor called on a thread of the driver; what it throws ends the scan and fails the stage
     */
    CompletionStage<Void> scan(long from, EntryVisitor visitor);

    @Override
    void close();
}
