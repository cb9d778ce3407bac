// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * The segments of a log, oldest first, and how far they are confirmed. The last one is written to.
 *
 * <p>Thread: any. The list is replaced, never changed.
 */
final class SegmentList {
    private volatile List<Segment> segments;
    private volatile long confirmedEnd;
    private final List<Segment> claimed = new ArrayList<>(0); // guarded by this

    SegmentList(List<Segment> segments, long confirmedEnd) {
        this.segments = List.copyOf(segments);
        this.confirmedEnd = confirmedEnd;
    }

    long startOffset() {
        return segments.getFirst().base;
    }

    long confirmedEnd() {
        return confirmedEnd;
    }

    void confirm(long end) {
        confirmedEnd = end;
    }

    /** Where to go on behind a segment: its end, or the next one's beginning where batches are missing between; {@code end} where none follows. */
    long after(Segment segment, long offset, long end) {
        if (segment.endOffset() > offset) {
            return segment.endOffset();
        }
        for (Segment each : segments) {
            if (each.base > offset) {
                return each.base;
            }
        }
        return end;
    }

    List<Segment> all() {
        return segments;
    }

    Segment last() {
        return segments.getLast();
    }

    boolean isLast(Segment segment) {
        return segment.base == segments.getLast().base;
    }

    synchronized void add(Segment segment) {
        var longer = new ArrayList<>(segments);
        longer.add(segment);
        segments = List.copyOf(longer);
    }

    /** Takes out those that hold nothing from {@code before} on; never the last one. */
    List<Segment> removeBelow(long before) {
        return removeFront(segment -> segment.endOffset() <= before);
    }

    /** Takes out the first ones, as far as they are such; never the last one. */
    synchronized List<Segment> removeFront(Predicate<Segment> such) {
        List<Segment> now = segments;
        int keep = 0;
        while (keep < now.size() - 1 && such.test(now.get(keep))
                && !claimed.contains(now.get(keep))) {
            keep++;
        }
        segments = List.copyOf(now.subList(keep, now.size()));
        return now.subList(0, keep);
    }

    /** Those that take exactly these offsets, which are kept from {@link #removeFront} until they are let go; empty where there are none, or the last one is among them. */
    synchronized List<Segment> claim(long from, long end) {
        List<Segment> now = segments;
        List<Segment> inside = now.stream().filter(segment -> segment.base >= from && segment.base < end).toList();
        boolean exact = !inside.isEmpty() && inside.getFirst().base == from && inside.getLast().endOffset() == end
                && !isLast(inside.getLast());
        if (!exact) {
            return List.of();
        }
        claimed.addAll(inside);
        return inside;
    }

    synchronized void letGo(List<Segment> claim) {
        claimed.removeAll(claim);
    }

    /** Puts one in the place of claimed ones. */
    synchronized void replace(List<Segment> claim, Segment fresh) {
        var replaced = new ArrayList<>(segments);
        List<Segment> place = replaced.subList(replaced.indexOf(claim.getFirst()), replaced.size())
                .subList(0, claim.size());
        place.clear();
        place.add(fresh);
        segments = List.copyOf(replaced);
    }

    /** The segment that has {@code offset}, or would have it; null below the start. */
    @Nullable
    Segment holding(long offset) {
        List<Segment> now = segments;
        int low = 0;
        int high = now.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (now.get(middle).base <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? null : now.get(high);
    }
}
