// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import java.util.List;

/** The queues that one publish goes to: each once, in a fixed order. Immutable; a router keeps and reuses them, so that equal routes are mostly the same object. */
public final class Route {
    public static final Route NOWHERE = new Route(List.of());

    private final MessageQueue[] queues;

    public Route(List<MessageQueue> queues) {
        this.queues = queues.toArray(MessageQueue[]::new);
    }

    public int size() {
        return queues.length;
    }

    public MessageQueue queue(int index) {
        return queues[index];
    }
}
