// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.relais.broker.runtime.Owner;
import io.relais.kafka.partition.Partition;
import io.relais.log.BatchSlice;
import io.relais.log.LogException;
import org.jspecify.annotations.Nullable;

/** Reads a partition for share groups. Blocking reads are done on an executor. Thread: the owner; what it returns completes there. */
final class PartitionSource {
    private final Owner owner;
    private final Executor blocking;

    PartitionSource(Owner owner, Executor blocking) {
        this.owner = owner;
        this.blocking = blocking;
    }

    /** The offset that a group may read to. The partition is open. */
    static long readableEnd(Partition partition, boolean committedOnly) {
        return committedOnly ? partition.lastStableOffset() : partition.highWatermark();
    }

    /** Finds batches without reading them; null where there is nothing. The partition is open. */
    CompletionStage<@Nullable BatchSlice> find(Partition partition, long from, int maxBytes, long end) {
        CompletableFuture<@Nullable BatchSlice> here = new CompletableFuture<>();
        partition.read(from, maxBytes, end).whenComplete((slice, error) -> owner.execute(() -> {
            if (error != null) {
                here.completeExceptionally(error);
            } else {
                here.complete(slice);
            }
        }));
        return here;
    }

    /** Brings batches into memory. The receiver releases them. */
    CompletionStage<ByteBuf> load(BatchSlice slice) {
        CompletableFuture<ByteBuf> here = new CompletableFuture<>();
        CompletableFuture.supplyAsync(slice::copy, blocking).whenComplete((bytes, error) -> owner.execute(() -> {
            if (error != null) {
                here.completeExceptionally(error);
            } else {
                here.complete(bytes);
            }
        }));
        return here;
    }

    /** Brings batches into memory and works on them there, on the executor. */
    <T> CompletionStage<T> loadAnd(BatchSlice slice, Function<ByteBuf, T> work) {
        CompletableFuture<T> here = new CompletableFuture<>();
        CompletableFuture.supplyAsync(() -> {
            ByteBuf bytes = slice.copy();
            try {
                return work.apply(bytes);
            } finally {
                bytes.release();
            }
        }, blocking).whenComplete((result, error) -> owner.execute(() -> {
            if (error != null) {
                here.completeExceptionally(error);
            } else {
                here.complete(result);
            }
        }));
        return here;
    }

    /** What a group that reads committed records only must leave out. The partition is open. */
    static List<FetchedBatches.Aborted> aborted(Partition partition, boolean committedOnly, long from, long end) {
        List<FetchedBatches.Aborted> found = new ArrayList<>();
        if (committedOnly) {
            partition.aborted(from, end, (producerId, first, _) -> found
                    .add(new FetchedBatches.Aborted(producerId, first)));
            found.sort(java.util.Comparator.comparingLong(FetchedBatches.Aborted::firstOffset));
        }
        return found;
    }

    /** Whether a read failed because the log begins later by now. */
    static boolean isTrimmed(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof LogException.Trimmed;
    }
}
