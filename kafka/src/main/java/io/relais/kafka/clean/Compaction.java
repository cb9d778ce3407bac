// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

import io.relais.broker.runtime.Owner;
import io.relais.kafka.partition.Partition;
import io.relais.log.RetainedLog;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.jspecify.annotations.Nullable;

/**
 * One pass of compaction over one log: notes the keys of its dirty part, then rewrites its files, a group at a time, each atomically. It may be cut short at any moment; what is done stays done.
 *
 * <p>Thread: the owner starts it and each of its steps; the steps run on threads of the log's driver, never two at once.
 */
final class Compaction {
    private final Partition partition;
    private final RetainedLog log;
    private final CompactionRange range;
    private final LogConfig config;
    private final OffsetMap map;
    private final Owner owner;
    private final BooleanSupplier abandoned;
    private final Listener listener;
    private final Fates fates = new Fates();
    private final List<Long> markers = new ArrayList<>();
    private final Deque<CompactionRange.Group> groups = new ArrayDeque<>();
    private @Nullable BatchCleaner cleaner;
    private long rewrittenEnd;

    /** Told once how it ended. Thread: the owner. */
    interface Listener {
        /** @param cleaned the first offset that is dirty now */
        void done(long cleaned);

        void failed(Throwable why);
    }

    /**
     * Prepares a pass over an open partition.
     *
     * @param map       empty
     * @param abandoned asked before each batch, on any thread: whether the topic is gone
     */
    Compaction(Partition partition, RetainedLog log, CompactionRange range, OffsetMap map, Owner owner,
            BooleanSupplier abandoned, Listener listener) {
        this.partition = partition;
        this.log = log;
        this.range = range;
        this.config = partition.topic().config().values();
        this.map = map;
        this.owner = owner;
        this.abandoned = abandoned;
        this.listener = listener;
    }

    void start() {
        Fates ofDirty = new Fates();
        partition.aborted(range.firstDirty(), ofDirty::add);
        partition.aborted(log.startOffset(), (producerId, firstOffset, markerOffset) -> {
            fates.add(producerId, firstOffset, markerOffset);
            markers.add(markerOffset);
        });
        KeyIndex keys = new KeyIndex(map, range.firstDirty(), range.end(), ofDirty,
                config.maxDecompressedMessageBytes());
        then(log.scan(range.firstDirty(), keys), () -> indexed(keys.indexedEnd()));
    }

    private void indexed(long indexedEnd) {
        Map<Long, BatchCleaner.LastBatch> producers = new HashMap<>();
        partition.producers((producerId, epoch, lastOffset) -> producers.put(producerId,
                new BatchCleaner.LastBatch(epoch, lastOffset)));
        cleaner = new BatchCleaner(new BatchCleaner.Pass(map, indexedEnd, owner.clock().nowMs(),
                config.deleteRetentionMs, config.maxDecompressedMessageBytes()), producers, fates, abandoned);
        groups.addAll(CompactionRange.groups(log.parts(), Math.min(indexedEnd, range.end()), config.segmentSize()));
        rewriteNext(indexedEnd);
    }

    private void rewriteNext(long indexedEnd) {
        CompactionRange.Group group = groups.poll();
        if (group == null || cleaner == null) {
            forgetAborted();
            listener.done(Math.min(indexedEnd, range.end()));
            return;
        }
        rewrittenEnd = group.end();
        then(log.rewrite(group.from(), group.end(), cleaner), () -> rewriteNext(indexedEnd));
    }

    /** Of these nothing is left but the marker, if that. */
    private void forgetAborted() {
        var gone = new java.util.HashSet<Long>();
        for (long marker : markers) {
            if (marker < rewrittenEnd && !fates.isPresent(marker)) {
                gone.add(marker);
            }
        }
        if (!gone.isEmpty()) {
            partition.forgetAborted(gone::contains);
        }
    }

    private void then(CompletionStage<?> step, Runnable next) {
        step.whenComplete((done, error) -> owner.execute(() -> {
            Throwable why = error instanceof CompletionException wrapped && wrapped.getCause() != null
                    ? wrapped.getCause()
                    : error;
            if (abandoned.getAsBoolean()) {
                listener.failed(new BatchCleaner.Abandoned());
            } else if (why == null || why instanceof KeyIndex.Done) {
                next.run();
            } else {
                listener.failed(why);
            }
        }));
    }
}
