// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.amqp.codec.AmqpException;
import io.relais.amqp.codec.ContentHeader;
import io.relais.amqp.codec.ReplyCode;
import io.relais.amqp.codec.WireReader;
import org.jspecify.annotations.Nullable;

/**
 * Puts a message together from its method, its content header and its body frames (AMQP 0-9-1 4.2.6).
 *
 * <pre>
 *  METHOD ── basic.publish ──► HEADER ── size 0 ──────────────────────► METHOD, message complete
 *                                 └──── size n ──► BODY ── n bytes ──► METHOD, message complete
 * </pre>
 *
 * <p>The states are an enum and fields, not a record each, so that a publish allocates nothing here. A body that comes in one frame is handed on where it stands.
 * <p>Thread: the owner.
 * <p>Memory: the properties of one message, and a body of several frames as far as it has arrived.
 */
final class PublishAssembler {
    /** What kind of frame comes next. */
    private enum Expected {
        METHOD, HEADER, BODY
    }

    /** Takes complete messages. */
    interface Sink {
        /** The body, from reader to writer index, and the header are valid during the call. */
        void published(Destination destination, boolean mandatory, ContentHeader header, ByteBuf body);
    }

    private final Sink sink;
    private final long maxMessageBytes;
    private final ContentHeader header = new ContentHeader();
    private Expected expected = Expected.METHOD;
    private Destination destination = Destination.NONE;
    private boolean mandatory;
    private long missingBytes;
    private @Nullable BodyBuffer body;

    /** @param maxMessageBytes largest body taken */
    PublishAssembler(Sink sink, long maxMessageBytes) {
        this.sink = sink;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Whether a message is complete, so that a method may come. */
    boolean isIdle() {
        return expected == Expected.METHOD;
    }

    /** Reads the arguments of basic.publish. @throws AmqpException 540 where it asks for immediate delivery */
    void publish(WireReader in) {
        in.u16();
        destination = Destination.read(in, destination);
        mandatory = in.bit();
        boolean immediate = in.bit();
        in.requireEnd();
        if (immediate) {
            throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, "immediate=true");
        }
        expected = Expected.HEADER;
    }

    /** Reads a content header. @throws AmqpException 505 where none is due, 406 where the body is too large, 502 where it is malformed */
    void header(ByteBuf in, int index, int length) {
        switch (expected) {
            case METHOD -> throw methodExpected();
            case BODY -> throw bodyExpected();
            case HEADER -> {
            }
        }
        header.read(in, index, length);
        requireSize(header.bodySize());
        if (header.bodySize() == 0) {
            complete(Unpooled.EMPTY_BUFFER);
        } else {
            expected = Expected.BODY;
            missingBytes = header.bodySize();
        }
    }

    private void requireSize(long bodySize) {
        if (Long.compareUnsigned(bodySize, maxMessageBytes) > 0) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "message size " + Long.toUnsignedString(bodySize)
                    + " is larger than configured max size " + maxMessageBytes);
        }
    }

    /** Reads a body frame. @throws AmqpException 505 where none is due, 501 where it is longer than what the header announced */
    void body(ByteBuf in, int index, int length) {
        switch (expected) {
            case METHOD -> throw methodExpected();
            case HEADER -> throw headerExpected();
            case BODY -> {
            }
        }
        if (length > missingBytes) {
            throw new AmqpException(ReplyCode.FRAME_ERROR, "body is longer than the " + header.bodySize()
                    + " bytes that its content header announced");
        }
        if (length == header.bodySize()) {
            completeInPlace(in, index, length);
        } else {
            collect(in, index, length);
        }
    }

    /** Hands on the body inside the buffer that was read: its indexes frame the body for the time of the call. */
    private void completeInPlace(ByteBuf in, int index, int length) {
        int readerIndex = in.readerIndex();
        int writerIndex = in.writerIndex();
        in.setIndex(index, index + length);
        try {
            complete(in);
        } finally {
            in.setIndex(readerIndex, writerIndex);
        }
    }

    private void collect(ByteBuf in, int index, int length) {
        if (body == null) {
            body = new BodyBuffer();
        }
        body.append(in, index, length, missingBytes);
        missingBytes -= length;
        if (missingBytes == 0) {
            try {
                complete(body.whole());
            } finally {
                clear();
            }
        }
    }

    private void complete(ByteBuf whole) {
        expected = Expected.METHOD;
        sink.published(destination, mandatory, header, whole);
    }

    /** A method came instead. */
    AmqpException contentExpected() {
        return expected == Expected.HEADER ? headerExpected() : bodyExpected();
    }

    private static AmqpException methodExpected() {
        return new AmqpException(ReplyCode.UNEXPECTED_FRAME,
                "expected method frame, got non method frame instead");
    }

    private static AmqpException headerExpected() {
        return new AmqpException(ReplyCode.UNEXPECTED_FRAME,
                "expected content header for class 60, got non content header frame instead");
    }

    private static AmqpException bodyExpected() {
        return new AmqpException(ReplyCode.UNEXPECTED_FRAME,
                "expected content body, got non content body frame instead");
    }

    /** Drops what has come in of a message. */
    void clear() {
        if (body != null) {
            body.clear();
            body = null;
        }
        expected = Expected.METHOD;
    }
}
