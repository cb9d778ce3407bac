// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The eight octets a client begins with, {@code AMQP 0 0 9 1} (AMQP 0-9-1 4.2.2). As RabbitMQ does, we take those of version 0-9, {@code AMQP 1 1 0 9}, for the same.
 */
public final class ProtocolHeader {
    private static final byte[] OCTETS = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    private static final byte[] OCTETS_0_9 = {'A', 'M', 'Q', 'P', 1, 1, 0, 9};

    /** Its length. */
    public static final int BYTES = OCTETS.length;

    private ProtocolHeader() {}

    /** A buffer that holds it: a client's greeting, and the server's answer to any other greeting. */
    public static ByteBuf buffer() {
        return Unpooled.wrappedBuffer(OCTETS).asReadOnly();
    }

    /** How many of the readable octets can be judged, and are right; -1 where one is wrong. Reads nothing. */
    public static int matching(ByteBuf in) {
        return Math.max(matching(in, OCTETS), matching(in, OCTETS_0_9));
    }

    private static int matching(ByteBuf in, byte[] octets) {
        int length = Math.min(BYTES, in.readableBytes());
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != octets[i]) {
                return -1;
            }
        }
        return length;
    }
}
