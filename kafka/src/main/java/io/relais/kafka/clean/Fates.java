// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What became of the transactions in a log, told while it is read from its beginning to its end: records of aborted ones go, a marker stays for as long as anything of its transaction is there.
 *
 * <p>Thread: one at a time. Memory: 100 bytes for each aborted transaction of which something is left, and for each producer whose transaction is being passed.
 */
final class Fates {
    private final Map<Long, Deque<Aborted>> aborted = new HashMap<>();
    private final Set<Long> passing = new HashSet<>();
    private final Set<Long> present = new HashSet<>();

    private record Aborted(long firstOffset, long markerOffset) {}

    /** An aborted transaction; those of one producer in the order of their markers. */
    void add(long producerId, long firstOffset, long markerOffset) {
        aborted.computeIfAbsent(producerId, each -> new ArrayDeque<>(1)).add(new Aborted(firstOffset, markerOffset));
    }

    /** Passes a batch of records that is part of a transaction. Returns whether that was aborted. */
    boolean passRecords(long producerId, long offset) {
        passing.add(producerId);
        Deque<Aborted> ofProducer = aborted.get(producerId);
        if (ofProducer == null) {
            return false;
        }
        Aborted next = ofProducer.peek();
        while (next != null && next.markerOffset() < offset) {
            ofProducer.remove();
            next = ofProducer.peek();
        }
        if (next == null || next.firstOffset() > offset) {
            return false;
        }
        present.add(next.markerOffset());
        return true;
    }

    /** Passes a marker. Returns whether nothing of its transaction is left. */
    boolean passMarker(long producerId) {
        return !passing.remove(producerId);
    }

    /** Whether something was found of the aborted transaction with this marker. */
    boolean isPresent(long markerOffset) {
        return present.contains(markerOffset);
    }
}
