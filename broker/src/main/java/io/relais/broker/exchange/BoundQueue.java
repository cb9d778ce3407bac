// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import java.util.List;

import io.relais.broker.queue.MessageQueue;
import io.relais.broker.queue.Route;

/**
 * A queue as exchanges see it. The registry of the virtual host adds how it was declared.
 *
 * <p>Thread: the owner.
 */
public abstract non-sealed class BoundQueue extends Destination {
    private final long sequence;
    private final MessageQueue queue;
    private final Route route;

    /**
     * Wraps a queue.
     *
     * @param sequence differs for every queue of a broker's life; routes list their queues in this order
     */
    protected BoundQueue(String name, boolean durable, long sequence, MessageQueue queue) {
        super(name, durable);
        this.sequence = sequence;
        this.queue = queue;
        this.route = new Route(List.of(queue));
    }

    public final MessageQueue queue() {
        return queue;
    }

    /** The route that leads to this queue alone. */
    final Route route() {
        return route;
    }

    final long sequence() {
        return sequence;
    }
}
