// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.relais.amqp.codec.AmqpException;
import io.relais.amqp.codec.BasicMethod;
import io.relais.amqp.codec.ReplyCode;
import io.relais.broker.Delivery;
import io.relais.broker.Session;
import io.relais.broker.queue.MessageQueue;
import org.jspecify.annotations.Nullable;

/**
 * What a channel sends to its client and gets settled: delivery tags, prefetch, acknowledgements.
 *
 * <p>Thread: the owner.
 */
final class Deliveries {
    private final AmqpChannel channel;
    private final ConsumerRegistry consumers;
    private final Unacked unacked = new Unacked();
    private final Unacked.Taker acknowledge = (tag, queue, offset, consumer) -> settle(Settlement.ACKNOWLEDGE, queue,
            offset, consumer);
    private long lastDeliveryTag;
    private int channelPrefetch;
    private int heldByConsumers;
    private boolean ended;

    Deliveries(AmqpChannel channel, ConsumerRegistry consumers) {
        this.channel = channel;
        this.consumers = consumers;
    }

    int unacknowledgedCount() {
        return unacked.count();
    }

    /** Sets the most messages that all consumers of the channel may hold together; 0 is no limit. */
    void channelPrefetch(int messages) {
        channelPrefetch = messages;
        consumers.resume();
    }

    boolean hasChannelPrefetch() {
        return channelPrefetch > 0;
    }

    /** Whether this consumer may be given one more message now. */
    boolean ready(ChannelConsumer consumer) {
        return !ended && channel.outbound().writable() && consumer.belowPrefetch()
                && (consumer.noAck() || channelPrefetch == 0 || heldByConsumers < channelPrefetch);
    }

    void deliver(ChannelConsumer consumer, MessageQueue queue, Delivery delivery) {
        long tag = ++lastDeliveryTag;
        if (!consumer.noAck()) {
            heldByConsumers++;
            unacked.add(tag, queue, delivery.offset(), consumer);
        }
        channel.content().deliver(channel.number(), consumer.tagBytes(), tag, delivery);
    }

    /** A direct reply: nothing to acknowledge. */
    void deliverReply(byte[] consumerTag, Delivery delivery) {
        channel.content().deliver(channel.number(), consumerTag, ++lastDeliveryTag, delivery);
    }

    void got(Session.Got got, boolean noAck) {
        long tag = ++lastDeliveryTag;
        if (!noAck) {
            unacked.add(tag, got.queue(), got.delivery().offset(), null);
        }
        channel.content().getOk(channel.number(), tag, got.delivery(), got.remaining());
    }

    /** The queue of a consumer went away (RabbitMQ: consumer cancel notification). */
    void gone(ChannelConsumer consumer) {
        consumers.remove(consumer.tag());
        if (!ended && channel.client().can(ClientProperties.CONSUMER_CANCEL_NOTIFY)) {
            channel.send(new BasicMethod.Cancel(consumer.tag(), true));
        }
    }

    /**
     * The client settles one message, or all up to and including one; tag 0 with multiple is all there are.
     *
     * @throws AmqpException 406 where it holds no message with that tag
     */
    void settle(Settlement settlement, long deliveryTag, boolean multiple) {
        boolean all = deliveryTag == 0 && multiple;
        if (!all && !unacked.contains(deliveryTag)) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED,
                    "unknown delivery tag " + Long.toUnsignedString(deliveryTag));
        }
        Unacked.Taker taker = taker(settlement);
        if (multiple) {
            unacked.takeUpTo(all ? Long.MAX_VALUE : deliveryTag, order(settlement), taker);
        } else {
            unacked.takeOne(deliveryTag, taker);
        }
        consumers.resume();
    }

    private Unacked.Taker taker(Settlement settlement) {
        if (channel.mode() instanceof ChannelMode.Transactional(Transaction transaction)) {
            return (tag, queue, offset, consumer) -> transaction
                    .settle(new Transaction.HeldSettlement(settlement, tag, queue, offset, consumer));
        }
        return settlement == Settlement.ACKNOWLEDGE
                ? acknowledge
                : (_, queue, offset, consumer) -> settle(settlement, queue, offset, consumer);
    }

    private static Unacked.Order order(Settlement settlement) {
        return settlement == Settlement.REQUEUE ? Unacked.Order.NEWEST_FIRST : Unacked.Order.OLDEST_FIRST;
    }

    private void settle(Settlement settlement, MessageQueue queue, long offset, @Nullable ChannelConsumer consumer) {
        if (consumer != null) {
            heldByConsumers--;
            consumer.settled();
            if (consumer.isGone()) {
                return;
            }
        }
        settlement.apply(queue, offset);
    }

    /** Settlements that were held back by a transaction take effect. */
    void commit(Iterable<Transaction.HeldSettlement> settlements) {
        for (Transaction.HeldSettlement held : settlements) {
            settle(held.settlement(), held.queue(), held.offset(), held.consumer());
        }
        consumers.resume();
    }

    /** Settlements that were held back by a transaction are as if they had not been. */
    void rollback(Iterable<Transaction.HeldSettlement> settlements) {
        for (Transaction.HeldSettlement held : settlements) {
            unacked.restore(held.deliveryTag(), held.queue(), held.offset(), held.consumer());
        }
    }

    /** basic.recover: everything unacknowledged goes back to its queue. */
    void requeueAll() {
        unacked.takeAll(Unacked.Order.NEWEST_FIRST,
                (_, queue, offset, consumer) -> settle(Settlement.REQUEUE, queue, offset, consumer));
        consumers.resume();
    }

    /** The channel ends: its consumers are cancelled, then what they held goes back. */
    void end() {
        ended = true;
        consumers.cancelAll();
        requeueAll();
    }
}
