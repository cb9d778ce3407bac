// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

/**
 * What is configured of the cleaner.
 *
 * @param compactionCheckMs how often it is looked for something to compact ({@code log.cleaner.backoff.ms})
 * @param retentionCheckMs  how often it is looked for something past its retention ({@code log.retention.check.interval.ms})
 * @param offsetMapBytes    memory for the keys of one pass of compaction ({@code log.cleaner.dedupe.buffer.size}), while there is one
 */
public record CleanSettings(long compactionCheckMs, long retentionCheckMs, int offsetMapBytes) {
    public static final CleanSettings DEFAULT = new CleanSettings(15_000, 5 * 60_000, 16 << 20);
}
