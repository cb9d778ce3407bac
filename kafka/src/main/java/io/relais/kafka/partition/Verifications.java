// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.HashMap;
import java.util.Map;

/**
 * Producers whose first transactional batch waits for the coordinator's word. The lowest sequence that came meanwhile has to be appended first: batches are verified each on its own, and one that overtakes it is
 * sent again by its producer (as Kafka has it since KIP-890).
 *
 * <p>Thread: the owner. Bounds: entries go when their last verification is done.
 */
final class Verifications {
    private final Map<Long, Entry> entries = new HashMap<>(0);

    private static final class Entry {
        int pending;
        int lowestSequence = Integer.MAX_VALUE;
    }

    void begin(long producerId, int sequence) {
        Entry entry = entries.computeIfAbsent(producerId, id -> new Entry());
        entry.pending++;
        entry.lowestSequence = Math.min(entry.lowestSequence, sequence);
    }

    /** Whether a batch that was verified may be appended where nothing is known of its producer yet. */
    boolean isFirst(long producerId, int sequence) {
        Entry entry = entries.get(producerId);
        return entry == null || sequence <= entry.lowestSequence;
    }

    void end(long producerId) {
        Entry entry = entries.get(producerId);
        if (entry != null && --entry.pending == 0) {
            entries.remove(producerId);
        }
    }
}
