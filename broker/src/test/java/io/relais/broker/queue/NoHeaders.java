// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import java.util.LinkedHashMap;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.relais.broker.PropertiesCodec;
import org.jspecify.annotations.Nullable;

/** Properties of messages that have none. */
final class NoHeaders implements PropertiesCodec {
    @Override
    public Map<String, @Nullable Object> headers(ByteBuf properties) {
        return new LinkedHashMap<>();
    }

    @Override
    public ByteBuf rewrite(ByteBuf properties, Map<String, @Nullable Object> headers, boolean keepExpiration) {
        return properties.copy();
    }

    @Override
    public long expirationMs(ByteBuf properties) {
        return -1;
    }

    @Override
    public @Nullable String expiration(ByteBuf properties) {
        return null;
    }
}
