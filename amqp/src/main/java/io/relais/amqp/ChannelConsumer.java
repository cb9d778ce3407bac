// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.relais.broker.Delivery;
import io.relais.broker.DeliveryTarget;
import io.relais.broker.queue.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of a channel: where the messages of one queue go, under one consumer tag.
 *
 * <p>Thread: the owner.
 */
final class ChannelConsumer implements DeliveryTarget {
    private final Deliveries deliveries;
    private final String tag;
    private final byte[] tagBytes;
    private final boolean noAck;
    private final int prefetch;
    private @Nullable Consumer consumer;
    private int unacknowledged;
    private boolean waiting;
    private boolean gone;

    /** @param prefetch most messages it may hold unacknowledged; 0 is no limit */
    ChannelConsumer(Deliveries deliveries, String tag, boolean noAck, int prefetch) {
        this.deliveries = deliveries;
        this.tag = tag;
        this.tagBytes = ContentFrames.bytes(tag);
        this.noAck = noAck;
        this.prefetch = prefetch;
    }

    String tag() {
        return tag;
    }

    byte[] tagBytes() {
        return tagBytes;
    }

    boolean noAck() {
        return noAck;
    }

    /** The broker began it. */
    void begun(Consumer consumer) {
        this.consumer = consumer;
    }

    /** Whether its own prefetch allows one more. */
    boolean belowPrefetch() {
        return noAck || prefetch == 0 || unacknowledged < prefetch;
    }

    @Override
    public boolean ready(Consumer consumer) {
        waiting = !deliveries.ready(this);
        return !waiting;
    }

    @Override
    public void deliver(Consumer consumer, Delivery delivery) {
        if (!noAck) {
            unacknowledged++;
        }
        deliveries.deliver(this, consumer.queue(), delivery);
    }

    /** One of its messages was settled. */
    void settled() {
        unacknowledged--;
    }

    /** Tells the queue, if that was refused before and can be taken now. */
    void resumeIfReady() {
        if (waiting && consumer != null && deliveries.ready(this)) {
            waiting = false;
            consumer.resume();
        }
    }

    @Override
    public void cancelled(Consumer consumer) {
        gone = true;
        deliveries.gone(this);
    }

    /** Whether its queue went away, and what it holds unacknowledged with it. */
    boolean isGone() {
        return gone;
    }

    /** Ends it on the client's wish. */
    void cancel() {
        if (consumer != null && !gone) {
            consumer.cancel();
        }
    }
}
