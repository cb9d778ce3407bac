// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import io.relais.broker.Delivery;
import io.relais.broker.DeliveryTarget;
import io.relais.broker.Reply;
import org.jspecify.annotations.Nullable;

/** A queue: a log of its own with one subscription. Thread: the owner. */
public final class MessageQueue {

    /**
     * Creates a queue over its log.
     *
     * @param logNumber a number never used for another queue, in this or any earlier life of the data folder: boot epoch in the upper 32 bits, a counter in the lower
     * @param durable   whether its persistent messages survive a restart
     */
    public MessageQueue(QueueHost host, String vhost, String name, long logNumber, boolean durable, boolean autoDelete,
            QueueSettings settings) {
        throw new UnsupportedOperationException();
    }

    public String name() {
        throw new UnsupportedOperationException();
    }

    public QueueSettings settings() {
        throw new UnsupportedOperationException();
    }

    /** Messages ready to be delivered. */
    public long messageCount() {
        throw new UnsupportedOperationException();
    }

    /** Messages delivered and not acknowledged. */
    public long unacknowledgedCount() {
        throw new UnsupportedOperationException();
    }

    public int consumerCount() {
        throw new UnsupportedOperationException();
    }

    /** Begins a consumer. Refused where it, or one that is there, is exclusive. Deliveries begin after this returns. */
    public void subscribe(String tag, DeliveryTarget target, boolean noAck, boolean exclusive, Reply<Consumer> reply) {
        throw new UnsupportedOperationException();
    }

    /** Takes the first ready message, or null where there is none, as the value of the reply; valid during the call. With {@code noAck} it is acknowledged already. */
    public void get(boolean noAck, Reply<@Nullable Delivery> reply) {
        throw new UnsupportedOperationException();
    }

    /** The message was dealt with: it is removed for good. */
    public void acknowledge(long offset) {
        throw new UnsupportedOperationException();
    }

    /**
     * The message goes back to its place in the queue.
     *
     * @param countDelivery whether this counts towards the delivery limit of a quorum queue
     */
    public void requeue(long offset, boolean countDelivery) {
        throw new UnsupportedOperationException();
    }

    /** The consumer refused the message for good: it is dead-lettered with reason rejected, or dropped where there is no dead-letter exchange. */
    public void reject(long offset) {
        throw new UnsupportedOperationException();
    }

    /**
     * Removes all ready messages.
     *
     * @return how many
     */
    public long purge() {
        throw new UnsupportedOperationException();
    }

    /**
     * Deletes what it holds and cancels its consumers, telling their targets.
     *
     * @return how many ready messages it held
     */
    public long delete() {
        throw new UnsupportedOperationException();
    }

    /** Restarts the clock of x-expires: a redeclare or a get is a use. */
    public void touch() {
        throw new UnsupportedOperationException();
    }
}
