// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

import java.util.List;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A log of record batches (version 2) that is kept: a partition or a stream. Batches are appended as they came, written through the page cache, made durable in a second step by
 * a group commit over all retained logs, and read without a copy.
 *
 * <p>Offsets are dense over batches: each begins where the one before it ends. What compaction took out leaves a batch without records in its place.
 *
 * <p>Thread: {@link #append}, {@link #roll}, {@link #trim}, {@link #rewrite} and {@link #options} from the owner; the rest from any. Stages complete on a thread of the driver, or before they are returned.
 */
public interface RetainedLog extends AutoCloseable {

    /** How far a log has come. Called on a thread of the driver, in order, with ends that only grow. */
    interface Progress {
        /** Everything below {@code end} is in the page cache: it survives the process, not the machine. */
        void written(long end);

        /** Everything below {@code end} is on the disk. */
        void durable(long end);

        /** Called once: nothing can be appended any more, and what was not reported above may be lost. */
        void died(LogException why);
    }

    LogId id();

    /** The lowest offset that may still be read. */
    long startOffset();

    /** The offset that the next record gets. Thread: the owner. */
    long nextOffset();

    /** The offset after the last record in the page cache. */
    long writtenEnd();

    /** The offset after the last record on the disk. */
    long durableEnd();

    /** Bytes of appends that are not written yet. */
    long inFlightBytes();

    /** Bytes of all files. */
    long sizeBytes();

    /**
     * Appends whole batches, all or none. Stamps the base offset of each, in place; the rest of their bytes stays.
     *
     * @param batches the driver owns one reference from the call on; its bytes must not change until they are written
     * @param count   how many offsets they take: the sum of {@code lastOffsetDelta + 1}
     * @return the offset of the first record
     * @throws LogException.WriterDead after any failure; the reference is released then, too
     */
    long append(ByteBuf batches, int count);

    /**
     * Finds batches, beginning with the one that holds {@code from}: at least one, then as many whole ones as fit into {@code maxBytes}, none of which holds {@code end} or more.
     * Completes with null where nothing below {@code end} is written at {@code from}.
     *
     * <p>Reading near the end completes before it returns. Fails with {@link LogException.Trimmed} below the start, {@link LogException.Damaged} where there is no sound batch header.
     */
    CompletionStage<@Nullable BatchSlice> slice(long from, int maxBytes, long end);

    /** The lowest batch with a timestamp of at least {@code timestampMs}: its base offset; -1 where there is none. */
    CompletionStage<Long> offsetAt(long timestampMs);

    /** As {@link LogReader#scan}: every written batch from the one that holds {@code from} on. */
    CompletionStage<Void> scan(long from, LogReader.EntryVisitor visitor);

    /** One file of the log. The last one is written to; the others are complete. */
    record Part(long firstOffset, long endOffset, long bytes, long maxTimestampMs) {}

    /** The files, oldest first. Cheap. */
    List<Part> parts();

    /** Begins a new file with the next append. */
    void roll();

    /** Frees whole files below {@code before}. The last file stays; to free it, {@link #roll} first and append. */
    CompletionStage<Void> trim(long before);

    /** What {@link #rewrite} keeps of a batch. Called on a thread of the driver. */
    interface BatchFilter {
        /**
         * Decides about one batch.
         *
         * @param batch valid during the call only
         * @return the batch itself to keep it; another one that takes the same offsets, owned by the caller, to put in its place; null to leave it out
         */
        @Nullable
        ByteBuf filter(ByteBuf batch);
    }

    /**
     * Replaces consecutive complete files by one that holds what a filter keeps; offsets stay. Atomic: after a crash either the old files are there or the new one. Readers of the old ones finish undisturbed.
     *
     * @param from first offset of a file
     * @param end  end offset of the same or a later complete file
     * @return the bytes of the new file
     */
    CompletionStage<Long> rewrite(long from, long end, BatchFilter filter);

    /** Changes how the log is kept, from the next append on. */
    void options(RetainedOptions options);

    /** Writes and syncs what waits, and closes. Blocks while the disk works. */
    @Override
    void close();
}
