// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import io.relais.broker.queue.Consumer;

/** Where the messages of a consumer go: a channel of a front end. Thread: the owner. */
public interface DeliveryTarget {

    /**
     * Whether the target takes one more message for this consumer now: prefetch is not used up, and its connection takes bytes. A target that says no calls
     * {@link Consumer#resume} when that changes.
     */
    boolean ready(Consumer consumer);

    /** Takes one message. Never fails; called only right after {@link #ready} said yes. */
    void deliver(Consumer consumer, Delivery delivery);

    /** The queue went away, and the consumer with it. What it holds unacknowledged is gone too. */
    void cancelled(Consumer consumer);
}
