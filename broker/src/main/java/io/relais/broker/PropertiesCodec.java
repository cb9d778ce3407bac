// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.Map;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads and rewrites the properties of a message, which the broker otherwise keeps raw, as the front end sent them. Implemented by the front end whose format they have.
 *
 * <p>Header values are: null, Boolean, Byte, Short, Integer, Long, Float, Double, BigDecimal, String, Instant, byte[], List and Map of these.
 */
public interface PropertiesCodec {

    /** The headers; empty where there are none. The map is the caller's to change and keeps the order of the wire. */
    Map<String, @Nullable Object> headers(ByteBuf properties);

    /**
     * A copy of the properties with other headers.
     *
     * @param keepExpiration false removes the message's own time to live
     */
    ByteBuf rewrite(ByteBuf properties, Map<String, @Nullable Object> headers, boolean keepExpiration);

    /** The time to live that the publisher gave, in milliseconds; -1 where there is none. */
    long expirationMs(ByteBuf properties);

    /** The text of the expiration property, for {@code original-expiration} in x-death; null where there is none. */
    @Nullable
    String expiration(ByteBuf properties);
}
