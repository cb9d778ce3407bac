// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import org.jspecify.annotations.Nullable;

/**
 * What a queue's arguments ask for, validated. A limit of -1 is none.
 *
 * @param messageTtlMs         x-message-ttl
 * @param expiresMs            x-expires: the queue goes when unused for so long
 * @param deadLetterExchange   x-dead-letter-exchange; null for none
 * @param deadLetterRoutingKey x-dead-letter-routing-key; null keeps the message's own
 * @param maxLength            x-max-length, ready messages
 * @param maxLengthBytes       x-max-length-bytes, bytes of ready bodies
 * @param deliveryLimit        x-delivery-limit, quorum queues
 */
public record QueueSettings(Type type, long messageTtlMs, long expiresMs, @Nullable String deadLetterExchange,
        @Nullable String deadLetterRoutingKey, long maxLength,
        long maxLengthBytes, Overflow overflow, int deliveryLimit) {
    public static final QueueSettings NONE = new QueueSettings(Type.CLASSIC, -1, -1, null, null, -1, -1,
            Overflow.DROP_HEAD, -1);

    /** x-queue-type. */
    public enum Type {
        CLASSIC, QUORUM
    }

    /** x-overflow: what happens at a length limit. */
    public enum Overflow {
        DROP_HEAD, REJECT_PUBLISH, REJECT_PUBLISH_DLX
    }
}
