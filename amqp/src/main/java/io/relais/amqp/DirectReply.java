// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.relais.amqp.codec.AmqpException;
import io.relais.amqp.codec.ReplyCode;
import io.relais.broker.Delivery;
import io.relais.broker.Session;
import org.jspecify.annotations.Nullable;

/**
 * The channel's consumer of direct replies, if it has one (RabbitMQ: direct reply-to). It consumes from a pseudo-queue; what it is told to reply to is an address that
 * the session made up.
 *
 * <p>Thread: the owner.
 */
final class DirectReply implements Session.ReplyTarget {
    /** The pseudo-queue. */
    static final String NAME = "amq.rabbitmq.reply-to";

    /** Bytes that a client may leave unread before its replies are dropped. */
    private static final long BACKLOG_MAX_BYTES = 16 << 20;

    private final AmqpChannel channel;
    private @Nullable String consumerTag;
    private byte[] consumerTagBytes = {};
    private @Nullable String address;

    DirectReply(AmqpChannel channel) {
        this.channel = channel;
    }

    /** Begins to consume. @throws AmqpException 406 where it would acknowledge, or consumes already */
    void consume(String consumerTag, boolean noAck) {
        if (address != null) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "reply consumer already set");
        }
        if (!noAck) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "reply consumer cannot acknowledge");
        }
        this.consumerTag = consumerTag;
        this.consumerTagBytes = ContentFrames.bytes(consumerTag);
        this.address = channel.session().openReplyTo(this);
    }

    boolean hasTag(String tag) {
        return tag.equals(consumerTag);
    }

    /** Where replies go. @throws AmqpException 406 where nobody consumes them */
    String address() {
        if (address == null) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "fast reply consumer does not exist");
        }
        return address;
    }

    @Override
    public boolean deliver(Delivery delivery) {
        if (address == null || channel.outbound().pendingBytes() > BACKLOG_MAX_BYTES) {
            return false;
        }
        channel.deliveries().deliverReply(consumerTagBytes, delivery);
        return true;
    }

    /** Ends it: cancelled, or the channel ends. */
    void end() {
        if (address != null) {
            channel.session().closeReplyTo(address);
            address = null;
            consumerTag = null;
        }
    }
}
