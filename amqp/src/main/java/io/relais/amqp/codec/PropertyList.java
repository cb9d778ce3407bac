// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Where each basic property stands in the raw bytes of a content header, found in place (AMQP 0-9-1 4.2.6.1).
 *
 * <pre>
 *  flags  u16   bit 15 content-type … bit 2 cluster-id; bits 1 and 0 are 0
 *  list         those properties whose flag is set, in that order
 * </pre>
 *
 * <p>One instance is reused from message to message. Valid as long as the bytes are. Thread: one.
 */
final class PropertyList {
    static final int FLAGS_BYTES = 2;

    private static final Property[] PROPERTIES = Property.values();

    private final WireReader reader = new WireReader();
    private final int[] index = new int[Property.COUNT];
    private final int[] length = new int[Property.COUNT];
    private int flags;

    /**
     * Finds the properties in {@code length} bytes from {@code at}, the flags included.
     *
     * @throws AmqpException 502 where they are malformed
     */
    void scan(ByteBuf in, int at, int length) {
        reader.reset(in, at, length);
        flags = reader.u16();
        if ((flags & Property.UNUSED_FLAGS) != 0) {
            throw AmqpException.syntax("unknown property flags " + Integer.toBinaryString(flags));
        }
        for (int rest = flags; rest != 0; rest &= ~Integer.highestOneBit(rest)) {
            Property property = PROPERTIES[Integer.numberOfLeadingZeros(rest) - 16];
            int from = reader.index();
            skip(property.kind);
            this.index[property.position] = from;
            this.length[property.position] = reader.index() - from;
        }
        if (reader.remaining() > 0) {
            throw AmqpException.syntax(reader.remaining() + " bytes too many after the properties");
        }
    }

    private void skip(Property.Kind kind) {
        switch (kind) {
            case SHORT_STRING -> reader.take(reader.u8());
            case OCTET -> reader.take(1);
            case TIMESTAMP -> reader.take(8);
            case TABLE -> FieldTable.check(reader);
        }
    }

    boolean has(Property property) {
        return (flags & property.flag) != 0;
    }

    /** Where it begins: with its length, for a string or a table. Only where it {@link #has} it. */
    int index(Property property) {
        return index[property.position];
    }

    /** Its bytes, the length in front of a string or table included. */
    int length(Property property) {
        return length[property.position];
    }

    /** The text of a short string; null where there is none. */
    @Nullable
    String text(ByteBuf in, Property property) {
        if (!has(property)) {
            return null;
        }
        return in.toString(index(property) + 1, length(property) - 1, StandardCharsets.UTF_8);
    }
}
