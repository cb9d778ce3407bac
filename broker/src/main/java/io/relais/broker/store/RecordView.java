// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.broker.Delivery;

/** One record of a queue's log, seen in place. One instance per shard, set anew by every look. Thread: the owner. */
public final class RecordView implements Delivery {
    ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    int attributes;
    long timestampMs;
    long expiryMs;
    int keyIndex;
    int keyLength;
    int bodyIndex;
    int bodyLength;
    int exchangeIndex;
    int exchangeLength;
    int propertiesIndex;
    int propertiesLength;

    private long offset;
    private boolean redelivered;
    private int deliveryCount;

    RecordView at(long offset) {
        this.offset = offset;
        this.redelivered = false;
        this.deliveryCount = 0;
        return this;
    }

    /** Says what a receiver is told of earlier deliveries. */
    public RecordView delivered(boolean before, int count) {
        this.redelivered = before;
        this.deliveryCount = count;
        return this;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public boolean redelivered() {
        return redelivered;
    }

    @Override
    public int deliveryCount() {
        return deliveryCount;
    }

    /** When it was published, ms since the epoch. */
    public long timestampMs() {
        return timestampMs;
    }

    /** When its publisher wants it gone, ms since the epoch; -1 for never. */
    public long expiryMs() {
        return expiryMs;
    }

    public boolean persistent() {
        return (attributes & QueueRecord.PERSISTENT) != 0;
    }

    public boolean hasHeaders() {
        return (attributes & QueueRecord.HAS_HEADERS) != 0;
    }

    public String exchange() {
        return buffer.toString(exchangeIndex, exchangeLength, StandardCharsets.UTF_8);
    }

    public String routingKey() {
        return buffer.toString(keyIndex, keyLength, StandardCharsets.UTF_8);
    }

    /** The properties in place; valid as long as the view is. */
    public ByteBuf properties() {
        return buffer.slice(propertiesIndex, propertiesLength);
    }

    /** The body in place; valid as long as the view is. */
    public ByteBuf body() {
        return buffer.slice(bodyIndex, bodyLength);
    }

    @Override
    public int exchangeLength() {
        return exchangeLength;
    }

    @Override
    public void writeExchange(ByteBuf out) {
        out.writeBytes(buffer, exchangeIndex, exchangeLength);
    }

    @Override
    public int routingKeyLength() {
        return keyLength;
    }

    @Override
    public void writeRoutingKey(ByteBuf out) {
        out.writeBytes(buffer, keyIndex, keyLength);
    }

    @Override
    public int propertiesLength() {
        return propertiesLength;
    }

    @Override
    public void writeProperties(ByteBuf out) {
        out.writeBytes(buffer, propertiesIndex, propertiesLength);
    }

    @Override
    public int bodyLength() {
        return bodyLength;
    }

    @Override
    public void writeBody(ByteBuf out, int from, int length) {
        out.writeBytes(buffer, bodyIndex + from, length);
    }
}
