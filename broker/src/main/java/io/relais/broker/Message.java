// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way in. Mutable and reused by its front end: nobody keeps it, or its buffers, after the call that took it.
 *
 * <p>Thread: the owner. Bodies and properties are copied once, into the log.
 */
public final class Message {
    private String exchange = "";
    private String routingKey = "";
    private byte[] exchangeBytes = {};
    private byte[] routingKeyBytes = {};
    private @Nullable ByteBuf properties;
    private @Nullable ByteBuf body;
    private boolean persistent;
    private boolean hasHeaders;
    private long expirationMs = -1;
    private int priority;
    private @Nullable Map<String, @Nullable Object> headers;

    /** Sets where the message goes. Both are at most 255 bytes of UTF-8. */
    public Message to(String exchange, String routingKey) {
        return to(exchange, exchange.getBytes(StandardCharsets.UTF_8), routingKey,
                routingKey.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #to(String, String)}, for a caller that has the bytes already. The arrays are not copied. */
    public Message to(String exchange, byte[] exchangeBytes, String routingKey, byte[] routingKeyBytes) {
        this.exchange = exchange;
        this.exchangeBytes = exchangeBytes;
        this.routingKey = routingKey;
        this.routingKeyBytes = routingKeyBytes;
        return this;
    }

    /**
     * Sets what is sent.
     *
     * @param properties   raw, as {@link PropertiesCodec} reads them; from reader to writer index, indexes are not moved
     * @param body         from reader to writer index, indexes are not moved
     * @param hasHeaders   whether the properties hold headers at all
     * @param expirationMs the publisher's time to live, or -1
     */
    public Message content(ByteBuf properties, ByteBuf body, boolean persistent, boolean hasHeaders, long expirationMs,
            int priority) {
        this.properties = properties;
        this.body = body;
        this.persistent = persistent;
        this.hasHeaders = hasHeaders;
        this.expirationMs = expirationMs;
        this.priority = priority;
        this.headers = null;
        return this;
    }

    public String exchange() {
        return exchange;
    }

    public String routingKey() {
        return routingKey;
    }

    public byte[] exchangeBytes() {
        return exchangeBytes;
    }

    public byte[] routingKeyBytes() {
        return routingKeyBytes;
    }

    public ByteBuf properties() {
        return java.util.Objects.requireNonNull(properties, "content() first");
    }

    public ByteBuf body() {
        return java.util.Objects.requireNonNull(body, "content() first");
    }

    public boolean persistent() {
        return persistent;
    }

    /** Whether the properties hold headers at all. */
    public boolean hasHeaders() {
        return hasHeaders;
    }

    public long expirationMs() {
        return expirationMs;
    }

    public int priority() {
        return priority;
    }

    /** The headers, decoded at the first call. */
    public Map<String, @Nullable Object> headers(PropertiesCodec codec) {
        if (!hasHeaders) {
            return Map.of();
        }
        if (headers == null) {
            headers = codec.headers(properties());
        }
        return headers;
    }
}
