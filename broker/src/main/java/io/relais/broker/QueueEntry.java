// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import io.relais.broker.exchange.BoundQueue;
import io.relais.broker.queue.MessageQueue;
import org.jspecify.annotations.Nullable;

/**
 * A queue in the registry of its virtual host: the queue, and how it was declared.
 *
 * <p>Thread: the owner.
 */
final class QueueEntry extends BoundQueue {
    private final boolean autoDelete;
    private final Arguments arguments;
    private final @Nullable LocalSession exclusiveTo;
    private final long logNumber;

    QueueEntry(MessageQueue queue, boolean durable, boolean autoDelete, Arguments arguments,
            @Nullable LocalSession exclusiveTo, long logNumber) {
        super(queue.name(), durable, logNumber, queue);
        this.autoDelete = autoDelete;
        this.arguments = arguments;
        this.exclusiveTo = exclusiveTo;
        this.logNumber = logNumber;
    }

    boolean autoDelete() {
        return autoDelete;
    }

    Arguments arguments() {
        return arguments;
    }

    /** The only session that may use it, and with which it goes; null for a queue of everybody. */
    @Nullable
    LocalSession exclusiveTo() {
        return exclusiveTo;
    }

    long logNumber() {
        return logNumber;
    }

    QueueStatus status() {
        return new QueueStatus(name(), queue().messageCount(), queue().consumerCount());
    }
}
