// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Properties of messages as JSON: headers and expiration. */
final class TestProperties implements PropertiesCodec {

    static ByteBuf of(Map<String, @Nullable Object> headers, @Nullable String expiration) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("headers", headers);
        all.put("expiration", expiration);
        return Unpooled.copiedBuffer(ArgumentsJson.write(all), StandardCharsets.UTF_8);
    }

    private static Map<String, @Nullable Object> read(ByteBuf properties) {
        byte[] json = properties.toString(StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
        return json.length == 0 ? Map.of() : ArgumentsJson.readTable(Json.object(json));
    }

    @Override
    public Map<String, @Nullable Object> headers(ByteBuf properties) {
        Map<String, @Nullable Object> headers = new LinkedHashMap<>();
        if (read(properties).get("headers") instanceof Map<?, ?> table) {
            table.forEach((name, value) -> headers.put(String.valueOf(name), value));
        }
        return headers;
    }

    @Override
    public ByteBuf rewrite(ByteBuf properties, Map<String, @Nullable Object> headers, boolean keepExpiration) {
        return of(headers, keepExpiration ? expiration(properties) : null);
    }

    @Override
    public long expirationMs(ByteBuf properties) {
        String text = expiration(properties);
        return text == null ? -1 : Long.parseLong(text);
    }

    @Override
    public @Nullable String expiration(ByteBuf properties) {
        return read(properties).get("expiration") instanceof String text ? text : null;
    }
}
