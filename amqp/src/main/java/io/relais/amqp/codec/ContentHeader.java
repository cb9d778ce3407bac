// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The content header of a message (AMQP 0-9-1 4.2.6.1).
 *
 * <pre>
 *  at  field           type
 *   0  class-id        u16   60
 *   2  weight          u16   0
 *   4  body-size       u64   bytes of all body frames together
 *  12  property-flags  u16   from here on the broker keeps the bytes as they are, and they are sent again to consumers
 *  14  property-list
 * </pre>
 *
 * <p>Mutable: one instance is reused from message to message. It holds a copy of the properties, because the bytes they came in may be gone before the body
 * is there; a copy is cheaper than finding out.
 * <p>Thread: one.
 * <p>Memory: the properties of one message.
 */
public final class ContentHeader {
    static final int CLASS_ID = 0;
    static final int WEIGHT = CLASS_ID + 2;
    static final int BODY_SIZE = WEIGHT + 2;

    /** Where the raw properties begin. */
    public static final int PROPERTIES = BODY_SIZE + 8;

    private static final int PERSISTENT = 2;
    private static final int LEAST_BUFFER_BYTES = 64;
    private static final int LARGEST_KEPT_BUFFER_BYTES = 4096;

    private final PropertyList list = new PropertyList();
    private ByteBuf properties = Unpooled.EMPTY_BUFFER;
    private long bodySize;

    /**
     * Reads the payload of a HEADER frame.
     *
     * @throws AmqpException 505 where it is of another class, 502 where it is malformed
     */
    public void read(ByteBuf in, int at, int length) {
        if (length < PROPERTIES + PropertyList.FLAGS_BYTES) {
            throw AmqpException.syntax("content header is cut short");
        }
        int classId = in.getUnsignedShort(at + CLASS_ID);
        if (classId != BasicMethod.CLASS) {
            throw new AmqpException(ReplyCode.UNEXPECTED_FRAME,
                    "expected content header for class 60, got one for class " + classId + " instead");
        }
        if (in.getUnsignedShort(at + WEIGHT) != 0) {
            throw new AmqpException(ReplyCode.UNEXPECTED_FRAME, "content header has a weight other than 0");
        }
        bodySize = in.getLong(at + BODY_SIZE);
        keep(in, at + PROPERTIES, length - PROPERTIES);
        try {
            list.scan(properties, 0, properties.readableBytes());
        } catch (AmqpException e) {
            throw AmqpException.syntax("malformed properties: " + e.getMessage());
        }
    }

    private void keep(ByteBuf in, int index, int length) {
        if (properties.capacity() < length || properties.capacity() > LARGEST_KEPT_BUFFER_BYTES) {
            properties = Unpooled.buffer(Math.max(length, LEAST_BUFFER_BYTES));
        }
        properties.clear().writeBytes(in, index, length);
    }

    /** The raw properties, flags first; valid until the next {@link #read}. */
    public ByteBuf properties() {
        return properties;
    }

    /** Bytes of the body: an unsigned number. */
    public long bodySize() {
        return bodySize;
    }

    /** Whether delivery-mode asks for it. @throws AmqpException 406 where it is neither 1 nor 2, as RabbitMQ does */
    public boolean persistent() {
        if (!list.has(Property.DELIVERY_MODE)) {
            return false;
        }
        int mode = properties.getUnsignedByte(list.index(Property.DELIVERY_MODE));
        if (mode != 1 && mode != PERSISTENT) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED,
                    "invalid message: {delivery_mode_unknown," + mode + "}");
        }
        return mode == PERSISTENT;
    }

    public boolean hasHeaders() {
        return list.has(Property.HEADERS);
    }

    /** The priority, 0 where there is none. */
    public int priority() {
        return list.has(Property.PRIORITY) ? properties.getUnsignedByte(list.index(Property.PRIORITY)) : 0;
    }

    /** The time to live in milliseconds, -1 where there is none. @throws AmqpException 406 where it is invalid */
    public long expirationMs() {
        return Expiration.of(properties, list);
    }

    public @Nullable String userId() {
        return list.text(properties, Property.USER_ID);
    }

    public @Nullable String replyTo() {
        return list.text(properties, Property.REPLY_TO);
    }
}
