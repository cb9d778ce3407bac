// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * A value for each of many offsets, kept once for consecutive offsets with equal values.
 *
 * <p>Thread: the owner. Memory: about 100 bytes per range.
 *
 * @param <V> immutable, with {@code equals}
 */
final class RangeMap<V> {
    private final TreeMap<Long, Range<V>> ranges = new TreeMap<>();
    private long count;

    /** Consecutive offsets with one value; both ends included. */
    record Range<V>(long firstOffset, long lastOffset, V value) {
        long count() {
            return lastOffset - firstOffset + 1;
        }

        Range<V> clipped(long first, long last) {
            return first <= firstOffset && lastOffset <= last
                    ? this
                    : new Range<>(Math.max(firstOffset, first), Math.min(lastOffset, last), value);
        }
    }

    /** Offsets that have a value. */
    long count() {
        return count;
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** All ranges in order: a view, not to be used while the map changes. */
    Collection<Range<V>> all() {
        return ranges.values();
    }

    /** Sets the value of all offsets from {@code first} to {@code last}. */
    void put(long first, long last, V value) {
        remove(first, last);
        long from = first;
        long to = last;
        Map.Entry<Long, Range<V>> below = ranges.lowerEntry(first);
        if (below != null && below.getValue().lastOffset() == first - 1 && below.getValue().value().equals(value)) {
            from = below.getKey();
        }
        Range<V> above = ranges.get(last + 1);
        if (above != null && above.value().equals(value)) {
            ranges.remove(last + 1);
            to = above.lastOffset();
        }
        ranges.put(from, new Range<>(from, to, value));
        count += last - first + 1;
    }

    /** Takes the value of all offsets from {@code first} to {@code last} away. */
    void remove(long first, long last) {
        Map.Entry<Long, Range<V>> entry = ranges.floorEntry(last);
        while (entry != null && entry.getValue().lastOffset() >= first) {
            Range<V> range = entry.getValue();
            ranges.remove(range.firstOffset());
            count -= range.count();
            if (range.lastOffset() > last) {
                keep(new Range<>(last + 1, range.lastOffset(), range.value()));
            }
            if (range.firstOffset() < first) {
                keep(new Range<>(range.firstOffset(), first - 1, range.value()));
                return;
            }
            entry = ranges.lowerEntry(range.firstOffset());
        }
    }

    private void keep(Range<V> range) {
        ranges.put(range.firstOffset(), range);
        count += range.count();
    }

    /** What is there from {@code first} to {@code last}, cut to that: a copy. */
    List<Range<V>> within(long first, long last) {
        List<Range<V>> found = new ArrayList<>();
        Map.Entry<Long, Range<V>> floor = ranges.floorEntry(first);
        long from = floor != null && floor.getValue().lastOffset() >= first ? floor.getKey() : first;
        for (Range<V> range : ranges.subMap(from, true, Math.max(from, last), true).values()) {
            found.add(range.clipped(first, last));
        }
        return found;
    }

    /** The first range at or above {@code offset} whose value is of a kind, cut to that; null where there is none. */
    @Nullable
    Range<V> firstAtOrAbove(long offset, Predicate<V> kind) {
        Map.Entry<Long, Range<V>> floor = ranges.floorEntry(offset);
        long from = floor != null && floor.getValue().lastOffset() >= offset ? floor.getKey() : offset;
        for (Range<V> range : ranges.tailMap(from, true).values()) {
            if (kind.test(range.value())) {
                return range.clipped(offset, Long.MAX_VALUE);
            }
        }
        return null;
    }
}
