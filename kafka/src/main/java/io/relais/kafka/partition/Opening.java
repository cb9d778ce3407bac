// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import io.relais.log.LogId;
import io.relais.log.LogStore;
import io.relais.log.RetainedLog;
import io.relais.log.RetainedOptions;
import io.relais.log.record.RecordBatch;

/**
 * A partition's log with the state that belongs to it: the saved one, and what the batches behind it add.
 *
 * <p>A saved state that is ahead of the log, because a power cut took the log's end, is not only left aside but replaced before anything is appended: else it would fit again later, and be wrong.
 */
record Opening(RetainedLog log, SavedState state) {

    /** Thread: any; completes on one of the driver. */
    static CompletionStage<Opening> open(LogStore logs, LogId id, long epoch, RetainedOptions options,
            RetainedLog.Progress progress, long nowMs) {
        return logs.openRetained(id, epoch, options, progress).thenCompose(log -> logs.loadState(id)
                .thenCompose(saved -> derive(logs, log, decode(saved, nowMs), nowMs)));
    }

    private static SavedState decode(@org.jspecify.annotations.Nullable ByteBuf saved, long nowMs) {
        try {
            return SavedState.decode(saved, nowMs);
        } finally {
            if (saved != null) {
                saved.release();
            }
        }
    }

    private static CompletionStage<Opening> derive(LogStore logs, RetainedLog log, SavedState saved, long nowMs) {
        boolean ahead = saved.end() > log.nextOffset();
        ProducerStates states = ahead ? new ProducerStates() : saved.states();
        long from = ahead ? log.startOffset() : Math.max(saved.end(), log.startOffset());
        long first = Math.min(Math.max(saved.firstOffset(), log.startOffset()), log.nextOffset());
        Opening opening = new Opening(log, new SavedState(first, log.nextOffset(), states));
        if (from >= log.nextOffset()) {
            return ahead ? replace(logs, opening) : java.util.concurrent.CompletableFuture.completedFuture(opening);
        }
        return log.scan(from, (offset, count, bytes) -> states.appended(bytes, bytes.readerIndex(),
                RecordBatch.baseOffset(bytes, bytes.readerIndex()), nowMs))
                .thenCompose(scanned -> {
                    states.advanced(log.nextOffset());
                    return ahead
                            ? replace(logs, opening)
                            : java.util.concurrent.CompletableFuture.completedFuture(opening);
                });
    }

    private static CompletionStage<Opening> replace(LogStore logs, Opening opening) {
        return logs.saveState(opening.log().id(), opening.state().encode()).thenApply(saved -> opening);
    }
}
