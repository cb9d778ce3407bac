// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

import java.util.List;
import java.util.Optional;

import io.relais.log.RetainedLog.Part;

/**
 * What of a log can be compacted: whole files from the first dirty offset on, up to where nothing may be touched yet.
 *
 * @param firstDirty     below it, each key occurs once
 * @param end            end of a complete file; behind it nothing is touched
 * @param cleanBytes     bytes of files that are clean
 * @param cleanableBytes bytes of files that would be compacted
 */
record CompactionRange(long firstDirty, long end, long cleanBytes, long cleanableBytes) {

    /**
     * What a topic is configured to.
     *
     * @param minDirtyRatio {@code min.cleanable.dirty.ratio}
     * @param minLagMs      how long a record stays untouched at least ({@code min.compaction.lag.ms})
     * @param maxLagMs      how long it may stay so at most ({@code max.compaction.lag.ms})
     */
    record Limits(double minDirtyRatio, long minLagMs, long maxLagMs) {}

    /**
     * Finds the range.
     *
     * @param parts            the files, oldest first; the last one is written to and not touched
     * @param cleaned          up to where the log was compacted before; -1 where that is not known
     * @param logStartOffset   the lowest offset that may be read
     * @param lastStableOffset what comes behind is not decided yet
     */
    static CompactionRange of(List<Part> parts, long cleaned, long logStartOffset, long lastStableOffset,
            Limits limits, long nowMs) {
        Part active = parts.getLast();
        long firstDirty = cleaned < logStartOffset || cleaned > active.endOffset() ? logStartOffset : cleaned;
        long end = firstDirty;
        long clean = 0;
        long cleanable = 0;
        for (Part part : parts.subList(0, parts.size() - 1)) {
            if (part.endOffset() <= firstDirty) {
                clean += part.bytes();
                continue;
            }
            boolean young = limits.minLagMs() > 0 && part.maxTimestampMs() > nowMs - limits.minLagMs();
            if (young || part.endOffset() > lastStableOffset) {
                break;
            }
            end = part.endOffset();
            cleanable += part.bytes();
        }
        return new CompactionRange(firstDirty, end, clean, cleanable);
    }

    double dirtyRatio() {
        long all = cleanBytes + cleanableBytes;
        return all == 0 ? 0 : (double) cleanableBytes / all;
    }

    /**
     * Whether it is worth it, or overdue.
     *
     * @param firstDirtyMs timestamp of the first record of the first dirty file; -1 where that is not known
     */
    boolean isDue(Limits limits, long firstDirtyMs, long nowMs) {
        boolean overdue = firstDirtyMs > 0 && firstDirtyMs < nowMs - limits.maxLagMs();
        return cleanableBytes > 0 && (overdue || dirtyRatio() > limits.minDirtyRatio());
    }

    /** Files that are rewritten into one: consecutive, together no longer than a file may be. */
    record Group(long from, long end) {}

    /** Puts the files below {@code end} into groups. */
    static List<Group> groups(List<Part> parts, long end, long segmentBytes) {
        var groups = new java.util.ArrayList<Group>();
        Optional<Group> open = Optional.empty();
        long bytes = 0;
        for (Part part : parts.subList(0, parts.size() - 1)) {
            if (part.firstOffset() >= end) {
                break;
            }
            if (open.isPresent() && bytes + part.bytes() <= segmentBytes
                    && part.endOffset() - open.get().from() <= Integer.MAX_VALUE) {
                open = Optional.of(new Group(open.get().from(), part.endOffset()));
                bytes += part.bytes();
            } else {
                open.ifPresent(groups::add);
                open = Optional.of(new Group(part.firstOffset(), part.endOffset()));
                bytes = part.bytes();
            }
        }
        open.ifPresent(groups::add);
        return groups;
    }
}
