// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.netty.buffer.ByteBuf;
import io.relais.amqp.codec.AmqpException;
import io.relais.amqp.codec.AmqpProperties;
import io.relais.amqp.codec.ContentHeader;
import io.relais.amqp.codec.ReplyCode;
import io.relais.broker.Message;
import io.relais.broker.PublishOutcome;
import io.relais.broker.Session;

/**
 * Publishes what a channel's {@link PublishAssembler} put together: checks its properties, hands it to the session, returns it where it must be, and leads the outcome to
 * the channel's mode.
 *
 * <p>Thread: the owner.
 */
final class Publishing implements PublishAssembler.Sink {
    private static final AmqpProperties PROPERTIES = new AmqpProperties();

    private final AmqpChannel channel;
    private final Session session;
    private final PublishThrottle throttle;
    private final Message message;

    /** @param message reused by all channels of the connection */
    Publishing(AmqpChannel channel, Session session, PublishThrottle throttle, Message message) {
        this.channel = channel;
        this.session = session;
        this.throttle = throttle;
        this.message = message;
    }

    @Override
    public void published(Destination destination, boolean mandatory, ContentHeader header, ByteBuf body) {
        requireOwnUserId(header);
        ByteBuf properties = header.properties();
        if (DirectReply.NAME.equals(header.replyTo())) {
            properties = PROPERTIES.withReplyTo(properties, channel.directReply().address());
        }
        if (channel.mode() instanceof ChannelMode.Transactional(Transaction transaction)) {
            transaction.publish(destination, mandatory, header, properties, body);
            return;
        }
        message.to(destination.exchange(), destination.exchangeBytes(), destination.routingKey(),
                destination.routingKeyBytes())
                .content(properties, body, header.persistent(), header.hasHeaders(), header.expirationMs(),
                        header.priority());
        PublishOutcome outcome = publish(mandatory);
        if (channel.mode() instanceof ChannelMode.Confirming(Confirms confirms)) {
            confirms.published(outcome.kind(), outcome.ticket());
        }
    }

    /** A name for oneself may be left out, or must be true (RabbitMQ: validated user-id). */
    private void requireOwnUserId(ContentHeader header) {
        String userId = header.userId();
        if (userId != null && !userId.equals(session.user())) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "user_id property set to '" + userId
                    + "' but authenticated user was '" + session.user() + "'");
        }
    }

    private PublishOutcome publish(boolean mandatory) {
        PublishOutcome outcome = session.publish(message);
        throttle.published();
        switch (outcome.kind()) {
            case ROUTED, REJECTED -> {
            }
            case UNROUTABLE -> {
                if (mandatory) {
                    channel.content().returnUnroutable(channel.number(), message);
                }
            }
            case REFUSED -> throw ReplyCodes.exception(outcome.refusal());
        }
        return outcome;
    }

    /**
     * Publishes what a transaction held.
     *
     * @return the ticket to wait for, 0 for none
     * @throws AmqpException 406 where a queue rejected one, or the code of the refusal; then the rest is not published
     */
    long commit(Iterable<Transaction.HeldPublish> publishes) {
        long ticket = 0;
        for (Transaction.HeldPublish held : publishes) {
            held.fill(message);
            PublishOutcome outcome = publish(held.mandatory());
            if (outcome.kind() == PublishOutcome.Kind.REJECTED) {
                throw partial();
            }
            ticket = Math.max(ticket, outcome.ticket());
        }
        return ticket;
    }

    static AmqpException partial() {
        return new AmqpException(ReplyCode.PRECONDITION_FAILED, "partial tx completion");
    }
}
