// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime.CoordinatorState;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntimeMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Hears when the coordinator has loaded its partitions, so that the first requests wait for that instead of being told to come again. Measures nothing: Kafka's own class keeps a dozen histograms
 * of some hundred KiB for the queue inside the coordinator.
 */
final class CoordinatorProgress implements CoordinatorRuntimeMetrics {
    private final AtomicInteger left;
    private final CompletableFuture<@Nullable Void> loaded = new CompletableFuture<>();

    CoordinatorProgress(int partitions) {
        left = new AtomicInteger(partitions);
    }

    /** Completes when every partition is loaded or could not be. */
    CompletionStage<@Nullable Void> loaded() {
        return loaded;
    }

    @Override
    public void recordPartitionStateChange(CoordinatorState before, CoordinatorState after) {
        if (before == CoordinatorState.LOADING && left.decrementAndGet() == 0) {
            loaded.complete(null);
        }
    }

    @Override
    public void recordPartitionLoadSensor(long startTimeMs, long endTimeMs) {}

    @Override
    public void recordEventQueueTime(long durationMs) {}

    @Override
    public void recordEventProcessingTime(long durationMs) {}

    @Override
    public void recordEventPurgatoryTime(long durationMs) {}

    @Override
    public void recordLingerTime(long durationMs) {}

    @Override
    public void recordFlushTime(long durationMs) {}

    @Override
    public void recordThreadIdleTime(double idleTimeMs) {}

    @Override
    public void recordBackgroundQueueTime(long durationMs) {}

    @Override
    public void recordBackgroundProcessingTime(long durationMs) {}

    @Override
    public void recordBackgroundThreadBusyTime(double busyTimeMs) {}

    @Override
    public void registerEventQueueSizeGauge(Supplier<Integer> size) {}

    @Override
    public void registerBufferCacheSizeGauge(Supplier<Long> bytes) {}

    @Override
    public void recordBufferCacheDiscarded() {}

    @Override
    public void close() {}
}
