// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What producers were promised, and what a consumer of read_committed finds after a crash. Confirmed: there, whole, exactly once. Aborted, or never asked to be
 * committed: never seen. In between, when nobody was answered yet: all of it or nothing, and what it was once it stays. What a consumer has seen stays at its offset.
 *
 * <p>Thread: any.
 */
final class TransactionLedger {
    private final Map<Unit, Fate> fates = new HashMap<>();
    private final Map<Place, Mark> seen = new HashMap<>();

    /** A transaction, or a record on its own. */
    private record Unit(int producer, long unit) {}

    private enum Promise {
        /** Nobody has asked to keep it. */
        NONE,
        /** It was asked to be kept, and nobody was answered. */
        IN_DOUBT,
        /** It is kept. */
        CONFIRMED
    }

    private static final class Fate {
        private Promise promise = Promise.NONE;
        /** What was found after a crash, once something was in doubt: it must stay so. */
        private @Nullable Boolean there;
    }

    synchronized void begun(int producer, long unit) {
        fates.put(new Unit(producer, unit), new Fate());
    }

    /** From now on it may be there. */
    synchronized void committing(int producer, long unit) {
        fate(producer, unit).promise = Promise.IN_DOUBT;
    }

    synchronized void confirmed(int producer, long unit) {
        fate(producer, unit).promise = Promise.CONFIRMED;
    }

    private Fate fate(int producer, long unit) {
        Fate fate = fates.get(new Unit(producer, unit));
        if (fate == null) {
            throw new AssertionError("nobody began " + unit + " of producer " + producer);
        }
        return fate;
    }

    /** A consumer of read_committed has got this. */
    synchronized void seen(Place place, Mark mark) {
        seen.put(place, mark);
    }

    synchronized int size() {
        return fates.size();
    }

    synchronized long owed() {
        return fates.values().stream().filter(fate -> fate.promise == Promise.CONFIRMED).count();
    }

    /** The last unit of a producer that is there for ever, or -1; its offsets must tell the same. */
    synchronized long lastThere(int producer, Map<Place, Mark> found) {
        return found.values().stream().filter(mark -> mark.producer() == producer).mapToLong(Mark::unit).max()
                .orElse(-1);
    }

    /**
     * Compares with everything that read_committed gives after a crash.
     *
     * @return what is wrong, one sentence each; empty if nothing is
     */
    synchronized List<String> violations(Map<Place, Mark> found) {
        List<String> violations = new ArrayList<>();
        Map<Unit, List<Mark>> units = new HashMap<>();
        found.values().forEach(mark -> units
                .computeIfAbsent(new Unit(mark.producer(), mark.unit()), _ -> new ArrayList<>()).add(mark));
        units.forEach((unit, marks) -> violations.addAll(whole(unit, marks)));
        fates.forEach((unit, fate) -> {
            boolean there = units.containsKey(unit);
            if (fate.promise == Promise.CONFIRMED && !there) {
                violations.add("was confirmed and is lost: " + unit);
            } else if (fate.promise == Promise.NONE && there) {
                violations.add("was not committed and is seen: " + unit);
            } else if (fate.there != null && fate.there != there) {
                violations.add((there ? "was gone, and is there again: " : "was there, and is gone: ") + unit);
            }
        });
        seen.forEach((place, mark) -> {
            if (!mark.equals(found.get(place))) {
                violations.add("was seen at " + place + " and is not there: " + mark);
            }
        });
        violations.addAll(disorder(found));
        return violations;
    }

    private List<String> whole(Unit unit, List<Mark> marks) {
        List<String> violations = new ArrayList<>();
        if (!fates.containsKey(unit)) {
            violations.add("nobody began " + unit);
        }
        long different = marks.stream().map(Mark::index).distinct().count();
        if (different < marks.size()) {
            violations.add("has records twice: " + unit);
        }
        if (different != marks.getFirst().count()) {
            violations.add("is there in part, " + different + " of " + marks.getFirst().count() + ": " + unit);
        }
        return violations;
    }

    private static List<String> disorder(Map<Place, Mark> found) {
        Map<TopicPartition, TreeMap<Long, Mark>> logs = new HashMap<>();
        found.forEach((place, mark) -> logs.computeIfAbsent(place.partition(), _ -> new TreeMap<>()).put(place.offset(),
                mark));
        List<String> violations = new ArrayList<>();
        for (TreeMap<Long, Mark> log : logs.values()) {
            Map<Integer, Mark> last = new HashMap<>();
            for (Mark mark : log.values()) {
                Mark before = last.put(mark.producer(), mark);
                if (before != null && (before.unit() > mark.unit()
                        || (before.unit() == mark.unit() && before.index() > mark.index()))) {
                    violations.add("is out of order: " + mark + " behind " + before);
                }
            }
        }
        return violations;
    }

    /** What was found after a crash is so for ever. */
    synchronized void settle(Map<Place, Mark> found) {
        Map<Unit, Boolean> there = new HashMap<>();
        found.values().forEach(mark -> there.put(new Unit(mark.producer(), mark.unit()), true));
        fates.forEach((unit, fate) -> fate.there = there.getOrDefault(unit, false));
        seen.putAll(found);
    }
}
