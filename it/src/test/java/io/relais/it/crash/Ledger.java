// SPDX-License-Identifier: Apache-2.0
package io.relais.it.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What clients were promised, and what they find after a crash. Confirmed and never acknowledged: there, exactly once. Acknowledged in good time: gone. In between,
 * when nobody was answered yet, both are right. In each queue a publisher's messages are in the order they were published in.
 *
 * <p>Thread: any.
 */
final class Ledger {
    /** An acknowledgement this much older than the crash has reached the disk. */
    static final long SETTLED_NS = 1_000_000_000L;

    private final Map<Promise, Fate> fates = new HashMap<>();
    private final LongSupplier clockNs;

    Ledger(LongSupplier clockNs) {
        this.clockNs = clockNs;
    }

    private static final class Fate {
        private boolean confirmed;
        private boolean acknowledged;
        private long acknowledgedNs;
        /** Was looked for after a crash, and was not there: it must stay away. */
        private boolean absent;
    }

    synchronized void published(Promise promise) {
        fates.put(promise, new Fate());
    }

    synchronized void confirmed(Promise promise) {
        fate(promise).confirmed = true;
    }

    synchronized void acknowledged(Promise promise) {
        Fate fate = fate(promise);
        fate.acknowledged = true;
        fate.acknowledgedNs = clockNs.getAsLong();
    }

    private Fate fate(Promise promise) {
        Fate fate = fates.get(promise);
        if (fate == null) {
            throw new AssertionError("nobody published " + promise);
        }
        return fate;
    }

    /** Everything that was found is acknowledged now; what was not found must not appear later. */
    synchronized void drained(Map<String, List<Promise>> found) {
        Set<Promise> there = new HashSet<>();
        found.values().forEach(there::addAll);
        there.forEach(this::acknowledged);
        fates.forEach((promise, fate) -> fate.absent |= !there.contains(promise));
    }

    /** How many messages must be there after a crash now. */
    synchronized long owed() {
        return fates.values().stream().filter(f -> f.confirmed && !f.acknowledged && !f.absent).count();
    }

    /** How many messages were published. */
    synchronized int size() {
        return fates.size();
    }

    /**
     * Compares with what is in the queues after a crash, in order.
     *
     * @param crashNs when the crash was
     * @return what is wrong, one sentence each; empty if nothing is
     */
    synchronized List<String> violations(Map<String, List<Promise>> found, long crashNs) {
        List<String> violations = new ArrayList<>();
        Map<Promise, Integer> counts = new HashMap<>();
        found.values().forEach(queue -> queue.forEach(promise -> counts.merge(promise, 1, Integer::sum)));
        counts.forEach((promise, count) -> {
            Fate fate = fates.get(promise);
            if (fate == null) {
                violations.add("nobody published " + promise);
            } else if (fate.absent) {
                violations.add("was gone, and is there again: " + promise);
            } else if (fate.acknowledged && crashNs - fate.acknowledgedNs > SETTLED_NS) {
                violations.add("came back after its acknowledgement: " + promise);
            }
            if (count > 1) {
                violations.add("is there " + count + " times: " + promise);
            }
        });
        fates.forEach((promise, fate) -> {
            if (fate.confirmed && !fate.acknowledged && !fate.absent && !counts.containsKey(promise)) {
                violations.add("was confirmed and is lost: " + promise);
            }
        });
        found.forEach((queue, promises) -> violations.addAll(disorder(promises)));
        return violations;
    }

    private static List<String> disorder(List<Promise> promises) {
        List<String> violations = new ArrayList<>();
        Map<Integer, Promise> last = new HashMap<>();
        for (Promise promise : promises) {
            Promise before = last.put(promise.publisher(), promise);
            if (before != null && before.sequence() > promise.sequence()) {
                violations.add("is out of order: " + promise + " behind " + before);
            }
        }
        return violations;
    }
}
