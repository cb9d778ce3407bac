// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.relais.broker.exchange.Binding;
import io.relais.broker.exchange.Exchange;
import io.relais.broker.security.PasswordHash;
import io.relais.broker.security.Permission;
import io.relais.broker.security.User;
import org.jspecify.annotations.Nullable;

/** What the values in the metadata say, as JSON. Names are in the values too, so that keys need never be taken apart. */
final class MetadataRecords {
    private MetadataRecords() {}

    /** A durable queue as stored. */
    record StoredQueue(String vhost, String name, boolean autoDelete, Arguments arguments, long logNumber) {}

    /** A durable exchange as stored. */
    record StoredExchange(String vhost, Exchange.Traits traits) {}

    /** A durable binding as stored. */
    record StoredBinding(String vhost, String source, boolean toQueue, String destination, String routingKey,
            Arguments arguments) {}

    /** What a user may do where, as stored. */
    record StoredPermission(String vhost, String user, Permission permission) {}

    static byte[] epoch(long epoch) {
        return Json.bytes(Map.of("epoch", epoch));
    }

    static long readEpoch(byte[] json) {
        return number(Json.object(json), "epoch");
    }

    static byte[] vhost(String name) {
        return Json.bytes(Map.of("name", name));
    }

    static String readVhost(byte[] json) {
        return text(Json.object(json), "name");
    }

    static byte[] queue(StoredQueue queue) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("vhost", queue.vhost());
        json.put("name", queue.name());
        json.put("autoDelete", queue.autoDelete());
        json.put("log", queue.logNumber());
        json.put("arguments", ArgumentsJson.plainTable(queue.arguments().values()));
        return Json.bytes(json);
    }

    static StoredQueue readQueue(byte[] value) {
        Map<String, @Nullable Object> json = Json.object(value);
        return new StoredQueue(text(json, "vhost"), text(json, "name"), flag(json, "autoDelete"), arguments(json),
                number(json, "log"));
    }

    static byte[] exchange(String vhost, Exchange.Traits traits) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("vhost", vhost);
        json.put("name", traits.name());
        json.put("type", traits.type().toString());
        json.put("autoDelete", traits.autoDelete());
        json.put("internal", traits.internal());
        json.put("arguments", ArgumentsJson.plainTable(traits.arguments().values()));
        return Json.bytes(json);
    }

    static StoredExchange readExchange(byte[] value) {
        Map<String, @Nullable Object> json = Json.object(value);
        Exchange.Type type = Exchange.Type.of(text(json, "type"));
        if (type == null) {
            throw new IllegalArgumentException("unknown exchange type '" + text(json, "type") + "'");
        }
        return new StoredExchange(text(json, "vhost"), new Exchange.Traits(text(json, "name"), type, true,
                flag(json, "autoDelete"), flag(json, "internal"), arguments(json)));
    }

    static byte[] binding(String vhost, Binding binding) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("vhost", vhost);
        json.put("source", binding.source().name());
        json.put("toQueue", !(binding.destination() instanceof Exchange));
        json.put("destination", binding.destination().name());
        json.put("routingKey", binding.routingKey());
        json.put("arguments", ArgumentsJson.plainTable(binding.arguments().values()));
        return Json.bytes(json);
    }

    static StoredBinding readBinding(byte[] value) {
        Map<String, @Nullable Object> json = Json.object(value);
        return new StoredBinding(text(json, "vhost"), text(json, "source"), flag(json, "toQueue"),
                text(json, "destination"), text(json, "routingKey"), arguments(json));
    }

    static byte[] user(User user) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", user.name());
        json.put("password", user.password() == null ? null : user.password().text());
        json.put("tags", user.tags());
        return Json.bytes(json);
    }

    static User readUser(byte[] value) {
        Map<String, @Nullable Object> json = Json.object(value);
        PasswordHash password = json.get("password") instanceof String text ? PasswordHash.parse(text) : null;
        List<?> tags = json.get("tags") instanceof List<?> list ? list : List.of();
        return new User(text(json, "name"), password, tags.stream().map(String::valueOf).toList());
    }

    static byte[] permission(String vhost, String user, Permission permission) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("vhost", vhost);
        json.put("user", user);
        json.put("configure", permission.configure());
        json.put("write", permission.write());
        json.put("read", permission.read());
        return Json.bytes(json);
    }

    static StoredPermission readPermission(byte[] value) {
        Map<String, @Nullable Object> json = Json.object(value);
        return new StoredPermission(text(json, "vhost"), text(json, "user"),
                Permission.of(text(json, "configure"), text(json, "write"), text(json, "read")));
    }

    private static String text(Map<String, @Nullable Object> json, String name) {
        if (json.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("metadata without " + name);
    }

    private static long number(Map<String, @Nullable Object> json, String name) {
        if (json.get(name) instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("metadata without " + name);
    }

    private static boolean flag(Map<String, @Nullable Object> json, String name) {
        return Boolean.TRUE.equals(json.get(name));
    }

    private static Arguments arguments(Map<String, @Nullable Object> json) {
        return json.get("arguments") instanceof Map<?, ?> plain
                ? Arguments.of(ArgumentsJson.readTable(plain))
                : Arguments.NONE;
    }
}
