// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.amqp.codec.AmqpProperties;
import io.relais.amqp.codec.BasicMethod;
import io.relais.amqp.codec.ContentHeader;
import io.relais.amqp.codec.Frame;
import io.relais.amqp.codec.ReplyCode;
import io.relais.broker.Delivery;
import io.relais.broker.Message;
import org.jspecify.annotations.Nullable;

/**
 * Writes the methods that carry a message (basic.deliver, basic.get-ok, basic.return), each with its content header and body frames (AMQP 0-9-1 4.2.6).
 * The properties go out as the bytes they came in as.
 *
 * <p>Thread: the owner.
 */
final class ContentFrames {
    private static final AmqpProperties PROPERTIES = new AmqpProperties();
    private static final String DELIVERY_COUNT = "x-delivery-count";

    private static final int IDS_BYTES = 4;
    private static final int DELIVERY_TAG_BYTES = 8;
    private static final int REDELIVERED_BYTES = 1;
    private static final int MESSAGE_COUNT_BYTES = 4;

    private final Outbound outbound;
    private final int bodyMax;

    /** @param frameMaxBytes as negotiated, overhead included */
    ContentFrames(Outbound outbound, int frameMaxBytes) {
        this.outbound = outbound;
        this.bodyMax = frameMaxBytes - Frame.OVERHEAD_BYTES;
    }

    void deliver(int channel, byte[] consumerTag, long deliveryTag, Delivery delivery) {
        int length = IDS_BYTES + 1 + consumerTag.length + DELIVERY_TAG_BYTES + REDELIVERED_BYTES
                + addressLength(delivery);
        ByteBuf out = beginMethod(channel, BasicMethod.Deliver.ID, length, delivery.propertiesLength());
        out.writeByte(consumerTag.length).writeBytes(consumerTag);
        out.writeLong(deliveryTag).writeBoolean(delivery.redelivered());
        address(out, delivery);
        out.writeByte(Frame.END);
        content(out, channel, delivery);
    }

    void getOk(int channel, long deliveryTag, Delivery delivery, long remaining) {
        int length = IDS_BYTES + DELIVERY_TAG_BYTES + REDELIVERED_BYTES + addressLength(delivery) + MESSAGE_COUNT_BYTES;
        ByteBuf out = beginMethod(channel, BasicMethod.GetOk.ID, length, delivery.propertiesLength());
        out.writeLong(deliveryTag).writeBoolean(delivery.redelivered());
        address(out, delivery);
        out.writeInt((int) Math.min(remaining, 0xFFFF_FFFFL)).writeByte(Frame.END);
        content(out, channel, delivery);
    }

    /** Gives a mandatory message back that no queue was bound for. */
    void returnUnroutable(int channel, Message message) {
        outbound.method(channel, new BasicMethod.Return(ReplyCode.NO_ROUTE.code(), ReplyCode.NO_ROUTE.name(),
                message.exchange(), message.routingKey()));
        ByteBuf properties = message.properties();
        ByteBuf body = message.body();
        ByteBuf out = outbound.begin(headerFrameLength(properties.readableBytes()));
        header(out, channel, properties.readableBytes(), body.readableBytes());
        out.writeBytes(properties, properties.readerIndex(), properties.readableBytes()).writeByte(Frame.END);
        outbound.end();
        for (int from = 0; from < body.readableBytes(); from += bodyMax) {
            int length = Math.min(bodyMax, body.readableBytes() - from);
            ByteBuf frame = beginBody(channel, length);
            frame.writeBytes(body, body.readerIndex() + from, length).writeByte(Frame.END);
            outbound.end();
        }
    }

    private ByteBuf beginMethod(int channel, int id, int length, int propertiesLength) {
        ByteBuf out = outbound.begin(Frame.OVERHEAD_BYTES + length + headerFrameLength(propertiesLength));
        return out.writeByte(Frame.METHOD).writeShort(channel).writeInt(length).writeInt(id);
    }

    private static int addressLength(Delivery delivery) {
        return 1 + delivery.exchangeLength() + 1 + delivery.routingKeyLength();
    }

    private static void address(ByteBuf out, Delivery delivery) {
        out.writeByte(delivery.exchangeLength());
        delivery.writeExchange(out);
        out.writeByte(delivery.routingKeyLength());
        delivery.writeRoutingKey(out);
    }

    private void content(ByteBuf out, int channel, Delivery delivery) {
        int bodyLength = delivery.bodyLength();
        ByteBuf counted = withDeliveryCount(delivery);
        if (counted == null) {
            header(out, channel, delivery.propertiesLength(), bodyLength);
            delivery.writeProperties(out);
        } else {
            header(out, channel, counted.readableBytes(), bodyLength);
            out.writeBytes(counted);
        }
        out.writeByte(Frame.END);
        outbound.end();
        for (int from = 0; from < bodyLength; from += bodyMax) {
            int length = Math.min(bodyMax, bodyLength - from);
            ByteBuf frame = beginBody(channel, length);
            delivery.writeBody(frame, from, length);
            frame.writeByte(Frame.END);
            outbound.end();
        }
    }

    /** The properties with x-delivery-count among the headers, where the queue counts and has something to tell; rare, so it may cost. */
    private static @Nullable ByteBuf withDeliveryCount(Delivery delivery) {
        if (delivery.deliveryCount() == 0) {
            return null;
        }
        ByteBuf properties = Unpooled.buffer(delivery.propertiesLength());
        delivery.writeProperties(properties);
        Map<String, @Nullable Object> headers = PROPERTIES.headers(properties);
        headers.put(DELIVERY_COUNT, (long) delivery.deliveryCount());
        return PROPERTIES.rewrite(properties, headers, true);
    }

    private static int headerFrameLength(int propertiesLength) {
        return Frame.OVERHEAD_BYTES + ContentHeader.PROPERTIES + propertiesLength;
    }

    private static void header(ByteBuf out, int channel, int propertiesLength, long bodyLength) {
        out.writeByte(Frame.HEADER).writeShort(channel).writeInt(ContentHeader.PROPERTIES + propertiesLength);
        out.writeShort(BasicMethod.CLASS).writeShort(0).writeLong(bodyLength);
    }

    private ByteBuf beginBody(int channel, int length) {
        ByteBuf out = outbound.begin(Frame.OVERHEAD_BYTES + length);
        return out.writeByte(Frame.BODY).writeShort(channel).writeInt(length);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
