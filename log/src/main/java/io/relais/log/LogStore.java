// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

import java.util.List;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Append-only logs, one writer at a time: the seam of storage. The local driver keeps them in files; a cluster's driver keeps them elsewhere.
 *
 * <p>Thread: any. Stages complete on a thread of the driver, so continuations must be short or go elsewhere.
 */
public interface LogStore extends AutoCloseable {
    /** The longest state that can be kept beside a log. */
    int STATE_MAX_BYTES = 8 << 20;

    /**
     * Creates a log or takes it over. Completes only when no earlier writer can get another append acknowledged, and everything ever
     * acknowledged is below {@link LogWriter#nextOffset()}. A tail that was never acknowledged may survive or vanish, but is decided
     * once this completes.
     *
     * @param epoch must exceed the stored one, else the stage fails with {@link LogException.StaleEpoch}
     */
    CompletionStage<LogWriter> openAndFence(LogId id, long epoch, LogOptions options);

    /**
     * Creates a retained log or takes it over, as {@link #openAndFence} does. A log is either one or the other, for ever.
     *
     * @param progress told how far the log has come, from then on
     */
    CompletionStage<RetainedLog> openRetained(LogId id, long epoch, RetainedOptions options,
            RetainedLog.Progress progress);

    /**
     * Keeps what was derived from a log beside it, as one small value: replaced as a whole, durable when the stage completes. At most {@value #STATE_MAX_BYTES} bytes.
     *
     * @param state its readable bytes; the caller's until the stage completes
     */
    CompletionStage<Void> saveState(LogId id, ByteBuf state);

    /** What {@link #saveState} kept last; null where there is none, or where it does not match its checksum: then it has to be derived anew. The receiver releases it. */
    CompletionStage<@Nullable ByteBuf> loadState(LogId id);

    /** Deletes a log with all it holds. Idempotent. */
    CompletionStage<Void> delete(LogId id);

    /** All logs of one shard, in no order, for collecting those that nobody refers to. */
    CompletionStage<List<LogId>> list(int shard);

    /** What was found damaged when logs were opened, oldest first; empty on a sound store. */
    List<Damage> damages();

    @Override
    void close();
}
