// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.relais.broker.runtime.Owner;
import io.relais.kafka.partition.Partition;
import io.relais.log.RetainedLog;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the partitions of {@code __consumer_offsets} from the start and plays them back to the coordinator.
 *
 * <p>Thread: called on a thread of the coordinator; batches are played on a thread of the log's driver; the rest is on the owner.
 */
final class OffsetsLoader implements CoordinatorLoader<CoordinatorRecord> {
    private final Owner owner;
    private final OffsetsTopic topic;
    private final OffsetsPartitions partitions;
    private final Set<Partition> watched = new HashSet<>();

    OffsetsLoader(Owner owner, OffsetsTopic topic, OffsetsPartitions partitions) {
        this.owner = owner;
        this.topic = topic;
        this.partitions = partitions;
    }

    @Override
    public CompletableFuture<LoadSummary> load(TopicPartition name,
            CoordinatorPlayback<CoordinatorRecord> coordinator) {
        CompletableFuture<LoadSummary> loaded = new CompletableFuture<>();
        long startMs = owner.clock().nowMs();
        owner.execute(() -> {
            Partition partition = topic.partition(name.partition());
            if (partition == null) {
                loaded.completeExceptionally(new NotLeaderOrFollowerException("there is no " + name));
                return;
            }
            partition.whenOpen(new Partition.OpenListener() {
                @Override
                public void opened(RetainedLog log) {
                    play(partition, coordinator, startMs, loaded);
                }

                @Override
                public void failed(Errors why) {
                    loaded.completeExceptionally(why.exception());
                }
            });
        });
        return loaded;
    }

    private void play(Partition partition, CoordinatorPlayback<CoordinatorRecord> coordinator, long startMs,
            CompletableFuture<LoadSummary> loaded) {
        if (watched.add(partition)) {
            partition.onHighWatermark(partitions);
        }
        long end = partition.logEndOffset();
        OffsetsPlayback playback = new OffsetsPlayback(coordinator);
        partition.scan(partition.logStartOffset(), playback)
                .whenComplete((done, error) -> owner.execute(() -> played(partition, playback, end, startMs, loaded,
                        error)));
    }

    private void played(Partition partition, OffsetsPlayback playback, long end, long startMs,
            CompletableFuture<LoadSummary> loaded, @Nullable Throwable error) {
        if (error != null) {
            loaded.completeExceptionally(error);
        } else if (partition.highWatermark() < end) { // a reload: what was appended last is not durable yet
            partition.whenAdvanced(() -> played(partition, playback, end, startMs, loaded, null));
        } else {
            playback.finish(end);
            long nowMs = owner.clock().nowMs();
            loaded.complete(new LoadSummary(startMs, nowMs, 0, playback.records(), playback.bytes()));
        }
    }

    @Override
    public void close() {}
}
