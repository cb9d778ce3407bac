// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

import java.util.List;

import io.relais.log.RetainedLog.Part;

/**
 * Decides what of a log is past its retention, file by file, as Kafka does: files whose youngest record is too old, then the oldest ones for as long as all others together still reach the size that is to be kept.
 *
 * @param retentionMs    how long records are kept ({@code retention.ms}); negative: for ever
 * @param retentionBytes how many bytes are kept ({@code retention.bytes}); negative: all
 * @param segmentMs      how old the first record of a file may be until another file is begun ({@code segment.ms} less its jitter)
 */
record Retention(long retentionMs, long retentionBytes, long segmentMs) {

    /**
     * What is to be done.
     *
     * @param trimBefore everything below is to go
     * @param roll       whether another file is to be begun
     */
    record Plan(long trimBefore, boolean roll) {}

    /**
     * Decides about one log.
     *
     * @param parts              its files, oldest first; the last one is written to
     * @param logStartOffset     below which nothing may be read any more
     * @param highWatermark      nothing at or behind it goes
     * @param activeFirstMs timestamp of the first record of the last file; -1 where there is none
     */
    Plan plan(List<Part> parts, long logStartOffset, long highWatermark, long activeFirstMs, long nowMs) {
        long trimBefore = Math.max(logStartOffset,
                Math.max(tooOld(parts, highWatermark, nowMs), tooMuch(parts, highWatermark)));
        Part active = parts.getLast();
        boolean allGoes = active.bytes() > 0 && trimBefore >= active.endOffset();
        boolean old = active.bytes() > 0 && activeFirstMs >= 0 && nowMs - activeFirstMs > segmentMs;
        return new Plan(trimBefore, allGoes || old);
    }

    private long tooOld(List<Part> parts, long highWatermark, long nowMs) {
        long end = 0;
        if (retentionMs >= 0) {
            for (Part part : parts) {
                if (part.maxTimestampMs() < 0 || nowMs - part.maxTimestampMs() <= retentionMs
                        || part.endOffset() > highWatermark) {
                    break;
                }
                end = part.endOffset();
            }
        }
        return end;
    }

    private long tooMuch(List<Part> parts, long highWatermark) {
        long end = 0;
        if (retentionBytes >= 0) {
            long surplus = parts.stream().mapToLong(Part::bytes).sum() - retentionBytes;
            for (Part part : parts) {
                surplus -= part.bytes();
                if (surplus < 0 || part.endOffset() > highWatermark) {
                    break;
                }
                end = part.endOffset();
            }
        }
        return end;
    }
}
