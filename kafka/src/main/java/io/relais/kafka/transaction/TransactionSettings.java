// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

/**
 * What is configured of the transaction coordinator.
 *
 * @param statePartitions   partitions of {@code __transaction_state} when it is created ({@code transaction.state.log.num.partitions}). One is enough for one node, and lets all producers share its syncs.
 * @param stateSegmentBytes size of its segments ({@code transaction.state.log.segment.bytes})
 * @param maxTimeoutMs      the longest timeout a producer may ask for ({@code transaction.max.timeout.ms})
 * @param abortCheckMs      how often transactions are looked through for those past their timeout ({@code transaction.abort.timed.out.transaction.cleanup.interval.ms})
 * @param idExpirationMs    how long a transactional id is kept that nobody uses ({@code transactional.id.expiration.ms})
 * @param idCheckMs         how often ids are looked through for those ({@code transaction.remove.expired.transaction.cleanup.interval.ms})
 */
public record TransactionSettings(int statePartitions, int stateSegmentBytes, int maxTimeoutMs, long abortCheckMs,
        long idExpirationMs, long idCheckMs) {

    /** Kafka's, but for the number of partitions. */
    public static final TransactionSettings DEFAULT = new TransactionSettings(1, 100 << 20, 15 * 60_000, 10_000,
            7L * 24 * 3_600_000, 3_600_000);
}
