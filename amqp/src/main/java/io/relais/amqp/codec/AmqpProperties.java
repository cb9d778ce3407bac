// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import java.util.LinkedHashMap;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.broker.PropertiesCodec;
import org.jspecify.annotations.Nullable;

/**
 * Reads and rewrites raw basic properties: the bytes of a content header from its property flags on. See {@link PropertyList} for their layout.
 *
 * <p>Thread: any; it has no state. The properties were checked when they were published, so malformed ones are a fault of ours.
 */
public final class AmqpProperties implements PropertiesCodec {

    @Override
    public Map<String, @Nullable Object> headers(ByteBuf properties) {
        PropertyList list = scan(properties);
        if (!list.has(Property.HEADERS)) {
            return new LinkedHashMap<>();
        }
        return new WireReader().reset(properties, list.index(Property.HEADERS), list.length(Property.HEADERS)).table();
    }

    @Override
    public ByteBuf rewrite(ByteBuf properties, Map<String, @Nullable Object> headers, boolean keepExpiration) {
        PropertyList list = scan(properties);
        Rewriting rewriting = new Rewriting(properties, list);
        for (Property property : Property.values()) {
            switch (property) {
                case HEADERS -> rewriting.headers(headers);
                case EXPIRATION -> rewriting.keep(property, keepExpiration);
                default -> rewriting.keep(property, true);
            }
        }
        return rewriting.out;
    }

    /** A copy of the properties with another reply-to. */
    public ByteBuf withReplyTo(ByteBuf properties, String replyTo) {
        Rewriting rewriting = new Rewriting(properties, scan(properties));
        for (Property property : Property.values()) {
            if (property == Property.REPLY_TO) {
                rewriting.shortString(property, replyTo);
            } else {
                rewriting.keep(property, true);
            }
        }
        return rewriting.out;
    }

    @Override
    public long expirationMs(ByteBuf properties) {
        return Expiration.of(properties, scan(properties));
    }

    @Override
    public @Nullable String expiration(ByteBuf properties) {
        return scan(properties).text(properties, Property.EXPIRATION);
    }

    private static PropertyList scan(ByteBuf properties) {
        PropertyList list = new PropertyList();
        list.scan(properties, properties.readerIndex(), properties.readableBytes());
        return list;
    }

    /** A property list being written from another one, property by property in the order of the wire. */
    private static final class Rewriting {
        private final ByteBuf in;
        private final PropertyList list;
        private final ByteBuf out;
        private int flags;

        Rewriting(ByteBuf in, PropertyList list) {
            this.in = in;
            this.list = list;
            this.out = Unpooled.buffer(in.readableBytes() + 64).writeShort(0);
        }

        void keep(Property property, boolean wanted) {
            if (wanted && list.has(property)) {
                out.writeBytes(in, list.index(property), list.length(property));
                flag(property);
            }
        }

        void headers(Map<String, @Nullable Object> headers) {
            if (!headers.isEmpty()) {
                new WireWriter(out).table(headers);
                flag(Property.HEADERS);
            }
        }

        void shortString(Property property, String text) {
            new WireWriter(out).shortString(text);
            flag(property);
        }

        private void flag(Property property) {
            flags |= property.flag;
            out.setShort(0, flags);
        }
    }
}
