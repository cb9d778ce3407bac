// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.relais.amqp.codec.AmqpException;
import io.relais.amqp.codec.ContentHeader;
import io.relais.amqp.codec.ReplyCode;
import io.relais.broker.Message;
import io.relais.broker.queue.MessageQueue;
import org.jspecify.annotations.Nullable;

/**
 * What a transactional channel holds back until tx.commit: its publishes, then its acknowledgements, each in order (AMQP 0-9-1 1.9).
 *
 * <p>Memory: the bytes of the held publishes, at most {@code maxBytes}; of the acknowledgements, what the channel's {@link Unacked} held before.
 * <p>Thread: the owner.
 */
final class Transaction {
    /** What a held message costs besides its bytes, roughly. */
    static final int MESSAGE_OVERHEAD_BYTES = 256;

    /** A publish, held back with copies of its bytes. */
    record HeldPublish(Destination destination, boolean mandatory, boolean persistent, boolean hasHeaders,
            long expirationMs, int priority, ByteBuf properties, ByteBuf body) {

        Message fill(Message message) {
            return message
                    .to(destination.exchange(), destination.exchangeBytes(), destination.routingKey(),
                            destination.routingKeyBytes())
                    .content(properties, body, persistent, hasHeaders, expirationMs, priority);
        }
    }

    /** A settlement, held back. */
    record HeldSettlement(Settlement settlement, long deliveryTag, MessageQueue queue, long offset,
            @Nullable ChannelConsumer consumer) {}

    private final long maxBytes;
    private List<HeldPublish> publishes = new ArrayList<>();
    private List<HeldSettlement> settlements = new ArrayList<>();
    private long heldBytes;

    Transaction(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** @throws AmqpException 406 where the transaction becomes too large */
    void publish(Destination destination, boolean mandatory, ContentHeader header, ByteBuf properties, ByteBuf body) {
        heldBytes += MESSAGE_OVERHEAD_BYTES + properties.readableBytes() + body.readableBytes();
        if (heldBytes > maxBytes) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED,
                    "transaction holds more than " + maxBytes + " bytes; commit more often");
        }
        publishes.add(new HeldPublish(destination, mandatory, header.persistent(), header.hasHeaders(),
                header.expirationMs(), header.priority(), copy(properties), copy(body)));
    }

    private static ByteBuf copy(ByteBuf bytes) {
        return Unpooled.wrappedBuffer(ByteBufUtil.getBytes(bytes));
    }

    void settle(HeldSettlement settlement) {
        settlements.add(settlement);
    }

    /** The publishes since the last commit or rollback, which are held no longer. */
    List<HeldPublish> takePublishes() {
        List<HeldPublish> taken = publishes;
        publishes = new ArrayList<>();
        heldBytes = 0;
        return taken;
    }

    /** The settlements since the last commit or rollback, which are held no longer. */
    List<HeldSettlement> takeSettlements() {
        List<HeldSettlement> taken = settlements;
        settlements = new ArrayList<>();
        return taken;
    }
}
