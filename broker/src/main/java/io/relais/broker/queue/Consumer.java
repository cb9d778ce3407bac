// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import io.relais.broker.DeliveryTarget;

/** One consumer of one queue, as the queue sees it. Thread: the owner. */
public final class Consumer {
    private final MessageQueue queue;
    private final String tag;
    private final DeliveryTarget target;
    private final boolean noAck;
    private final boolean exclusive;
    private boolean parked;
    private boolean cancelled;

    Consumer(MessageQueue queue, String tag, DeliveryTarget target, boolean noAck, boolean exclusive) {
        this.queue = queue;
        this.tag = tag;
        this.target = target;
        this.noAck = noAck;
        this.exclusive = exclusive;
    }

    public MessageQueue queue() {
        return queue;
    }

    public String tag() {
        return tag;
    }

    public boolean noAck() {
        return noAck;
    }

    public boolean exclusive() {
        return exclusive;
    }

    DeliveryTarget target() {
        return target;
    }

    /** The target is ready again. */
    public void resume() {
        if (parked && !cancelled) {
            parked = false;
            queue.resumed(this);
        }
    }

    /** Ends it on the client's wish. What it has not acknowledged stays with its channel. */
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            queue.ended(this);
        }
    }

    /** Ends it because the queue goes away. */
    void cancelledByQueue() {
        if (!cancelled) {
            cancelled = true;
            target.cancelled(this);
        }
    }

    /** The target is not ready; it is asked again after {@link #resume}. */
    void park() {
        parked = true;
    }

    boolean isParked() {
        return parked;
    }
}
