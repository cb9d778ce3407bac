// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import io.netty.buffer.ByteBuf;

/**
 * Shows a message that is just being published as a delivery, for targets that get it without a queue.
 *
 * <p>Thread: the owner.
 */
final class MessageDelivery implements Delivery {
    private Message message = new Message();

    MessageDelivery of(Message message) {
        this.message = message;
        return this;
    }

    @Override
    public long offset() {
        return 0;
    }

    @Override
    public boolean redelivered() {
        return false;
    }

    @Override
    public int deliveryCount() {
        return 0;
    }

    @Override
    public int exchangeLength() {
        return message.exchangeBytes().length;
    }

    @Override
    public void writeExchange(ByteBuf out) {
        out.writeBytes(message.exchangeBytes());
    }

    @Override
    public int routingKeyLength() {
        return message.routingKeyBytes().length;
    }

    @Override
    public void writeRoutingKey(ByteBuf out) {
        out.writeBytes(message.routingKeyBytes());
    }

    @Override
    public int propertiesLength() {
        return message.properties().readableBytes();
    }

    @Override
    public void writeProperties(ByteBuf out) {
        ByteBuf properties = message.properties();
        out.writeBytes(properties, properties.readerIndex(), properties.readableBytes());
    }

    @Override
    public int bodyLength() {
        return message.body().readableBytes();
    }

    @Override
    public void writeBody(ByteBuf out, int from, int length) {
        ByteBuf body = message.body();
        out.writeBytes(body, body.readerIndex() + from, length);
    }
}
