// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import io.netty.buffer.ByteBuf;
import io.relais.broker.Message;
import io.relais.log.record.RecordCursor;
import io.relais.log.record.Varint;

/**
 * A message as a record of a queue's log.
 *
 * <pre>
 *  attributes   1 persistent, 2 has headers
 *  key          routing key
 *  value        body
 *  headers      x  exchange
 *               p  properties, as the front end gave them
 *               e  i64, ms since the epoch at which the publisher wants it gone; only where it does
 * </pre>
 */
final class QueueRecord {
    static final int PERSISTENT = 1;
    static final int HAS_HEADERS = 2;

    private static final byte EXCHANGE = 'x';
    private static final byte PROPERTIES = 'p';
    private static final byte EXPIRY = 'e';

    /** The form of a header's key of one byte: its length, 1, as a varint. */
    private static final byte ONE = 2;

    private QueueRecord() {}

    /** Bytes that the record takes at most. */
    static int sizeBytes(Message message) {
        return 64 + message.routingKeyBytes().length + message.exchangeBytes().length
                + message.properties().readableBytes()
                + message.body().readableBytes();
    }

    /** Writes a message at the writer index; what it takes is at most {@link #sizeBytes}. */
    static void write(ByteBuf out, int offsetDelta, Message message, long nowMs) {
        byte[] key = message.routingKeyBytes();
        byte[] exchange = message.exchangeBytes();
        ByteBuf properties = message.properties();
        ByteBuf body = message.body();
        int propertiesLength = properties.readableBytes();
        int bodyLength = body.readableBytes();
        boolean expires = message.expirationMs() >= 0;

        int length = 2 + Varint.size(offsetDelta) + Varint.size(key.length) + key.length + Varint.size(bodyLength)
                + bodyLength + 1 + 2
                + Varint.size(exchange.length) + exchange.length + 2 + Varint.size(propertiesLength) + propertiesLength
                + (expires ? 11 : 0);
        Varint.write(out, length);
        out.writeByte((message.persistent() ? PERSISTENT : 0) | (message.hasHeaders() ? HAS_HEADERS : 0));
        out.writeByte(0); // timestamp delta: all records of a batch have its base timestamp
        Varint.write(out, offsetDelta);
        Varint.write(out, key.length);
        out.writeBytes(key);
        Varint.write(out, bodyLength);
        out.writeBytes(body, body.readerIndex(), bodyLength);
        out.writeByte((expires ? 3 : 2) << 1);
        out.writeByte(ONE);
        out.writeByte(EXCHANGE);
        Varint.write(out, exchange.length);
        out.writeBytes(exchange);
        out.writeByte(ONE);
        out.writeByte(PROPERTIES);
        Varint.write(out, propertiesLength);
        out.writeBytes(properties, properties.readerIndex(), propertiesLength);
        if (expires) {
            out.writeByte(ONE);
            out.writeByte(EXPIRY);
            out.writeByte(8 << 1);
            out.writeLong(nowMs + message.expirationMs());
        }
    }

    /** Sets a view on the record that a cursor stands on. */
    static void read(RecordCursor record, RecordView view) {
        ByteBuf in = record.buffer();
        view.buffer = in;
        view.attributes = record.attributes();
        view.timestampMs = record.timestamp();
        view.keyIndex = record.keyIndex();
        view.keyLength = record.keyLength();
        view.bodyIndex = record.valueIndex();
        view.bodyLength = record.valueLength();
        view.expiryMs = -1;
        int index = record.headersIndex();
        for (int i = record.headersCount(); i > 0; i--) {
            byte name = in.getByte(index + 1);
            index += 2;
            int length = (int) Varint.read(in, index);
            index += Varint.skip(in, index);
            switch (name) {
                case EXCHANGE -> {
                    view.exchangeIndex = index;
                    view.exchangeLength = length;
                }
                case PROPERTIES -> {
                    view.propertiesIndex = index;
                    view.propertiesLength = length;
                }
                case EXPIRY -> view.expiryMs = in.getLong(index);
                default -> throw new IllegalStateException("queue record with a header '" + (char) name + "'");
            }
            index += length;
        }
    }
}
