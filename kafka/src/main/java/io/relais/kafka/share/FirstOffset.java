// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.time.Duration;

import io.relais.broker.runtime.Owner;
import io.relais.kafka.partition.Partition;
import io.relais.log.RetainedLog;
import org.apache.kafka.common.protocol.Errors;

/** Where a group begins that has never read a partition ({@code share.auto.offset.reset}, KIP-932). */
final class FirstOffset {
    private static final String EARLIEST = "earliest";
    private static final String BY_DURATION = "by_duration:";

    private FirstOffset() {}

    /** Told once, on the owner thread. */
    interface Listener {
        /** @param error {@link Errors#NONE} where the offset was found */
        void found(long offset, Errors error);
    }

    /**
     * Finds it. The partition is open. Thread: the owner.
     *
     * @param strategy {@code earliest}, {@code latest} or {@code by_duration:} with a duration of ISO 8601, validated
     */
    static void find(Partition partition, RetainedLog log, String strategy, Owner owner, Listener listener) {
        if (strategy.startsWith(BY_DURATION)) {
            long ago = Duration.parse(strategy.substring(BY_DURATION.length())).toMillis();
            byTime(partition, log, owner.clock().nowMs() - ago, owner, listener);
        } else {
            listener.found(strategy.equals(EARLIEST) ? partition.logStartOffset() : partition.highWatermark(),
                    Errors.NONE);
        }
    }

    private static void byTime(Partition partition, RetainedLog log, long timestampMs, Owner owner,
            Listener listener) {
        log.offsetAt(timestampMs).whenComplete((offset, error) -> owner.execute(() -> {
            if (error != null) {
                listener.found(0, Errors.KAFKA_STORAGE_ERROR);
            } else {
                long end = partition.highWatermark();
                listener.found(offset < 0 ? end : Math.min(end, Math.max(offset, partition.logStartOffset())),
                        Errors.NONE);
            }
        }));
    }
}
