// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** The consumers of a queue: those that take messages stand in a circle and are served in turn. Thread: the owner. */
final class ConsumerRing {
    private final Set<Consumer> all = new LinkedHashSet<>();
    private final ArrayDeque<Consumer> ready = new ArrayDeque<>();

    boolean isEmpty() {
        return all.isEmpty();
    }

    int size() {
        return all.size();
    }

    List<Consumer> list() {
        return List.copyOf(all);
    }

    boolean mayTake() {
        return !ready.isEmpty();
    }

    boolean hasExclusive() {
        return all.size() == 1 && all.iterator().next().exclusive();
    }

    void add(Consumer consumer) {
        all.add(consumer);
        ready.add(consumer);
    }

    void remove(Consumer consumer) {
        all.remove(consumer);
        ready.remove(consumer);
    }

    void resumed(Consumer consumer) {
        ready.add(consumer);
    }

    /** The consumer whose turn it is, of those whose target is ready; null where there is none. The turn passes on. */
    @Nullable
    Consumer next() {
        for (Consumer consumer = ready.poll(); consumer != null; consumer = ready.poll()) {
            if (consumer.target().ready(consumer)) {
                ready.add(consumer);
                return consumer;
            }
            consumer.park();
        }
        return null;
    }

    /** All of them, and forgets them. */
    List<Consumer> removeAll() {
        List<Consumer> removed = new ArrayList<>(all);
        all.clear();
        ready.clear();
        return removed;
    }
}
