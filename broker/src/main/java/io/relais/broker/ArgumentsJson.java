// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Tables as JSON that keeps every type. Strings, booleans and null are themselves; any other value is an object with one field that names its type:
 *
 * <pre>
 * {"byte":"1"} {"short":"1"} {"int":"1"} {"long":"1"} {"float":"1.5"} {"double":"1.5"} {"decimal":"1.50"}
 * {"time":"1970-01-01T00:00:05Z"} {"bytes":"base64"} {"list":[...]} {"table":{...}}
 * </pre>
 */
final class ArgumentsJson {
    private static final Map<String, Function<Object, @Nullable Object>> READERS = Map.ofEntries(
            Map.entry("byte", text -> Byte.valueOf((String) text)),
            Map.entry("short", text -> Short.valueOf((String) text)),
            Map.entry("int", text -> Integer.valueOf((String) text)),
            Map.entry("long", text -> Long.valueOf((String) text)),
            Map.entry("float", text -> Float.valueOf((String) text)),
            Map.entry("double", text -> Double.valueOf((String) text)),
            Map.entry("decimal", text -> new BigDecimal((String) text)),
            Map.entry("time", text -> Instant.parse((String) text)),
            Map.entry("bytes", text -> Base64.getDecoder().decode((String) text)),
            Map.entry("list", list -> readList((List<?>) list)),
            Map.entry("table", table -> readTable((Map<?, ?>) table)));

    private ArgumentsJson() {}

    static String write(Map<String, @Nullable Object> table) {
        return Json.text(plainTable(table));
    }

    /** The table as plain JSON values, for a larger document. */
    static Map<String, @Nullable Object> plainTable(Map<?, ?> table) {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        table.forEach((name, value) -> plain.put(String.valueOf(name), plain(value)));
        return plain;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String _,Boolean _ -> value;
            case Byte number -> Map.of("byte", number.toString());
            case Short number -> Map.of("short", number.toString());
            case Integer number -> Map.of("int", number.toString());
            case Long number -> Map.of("long", number.toString());
            case Float number -> Map.of("float", number.toString());
            case Double number -> Map.of("double", number.toString());
            case BigDecimal number -> Map.of("decimal", number.toString());
            case Instant time -> Map.of("time", time.toString());
            case byte[] bytes -> Map.of("bytes", Base64.getEncoder().encodeToString(bytes));
            case List<?> list -> Map.of("list", plainList(list));
            case Map<?, ?> table -> Map.of("table", plainTable(table));
            default -> throw new IllegalArgumentException("no form for a " + value.getClass().getName());
        };
    }

    private static List<@Nullable Object> plainList(List<?> list) {
        List<@Nullable Object> plain = new ArrayList<>(list.size());
        list.forEach(value -> plain.add(plain(value)));
        return plain;
    }

    /** Reads what {@link #plainTable} made. */
    static Map<String, @Nullable Object> readTable(Map<?, ?> plain) {
        Map<String, @Nullable Object> table = new LinkedHashMap<>();
        plain.forEach((name, value) -> table.put(String.valueOf(name), read(value)));
        return table;
    }

    private static List<@Nullable Object> readList(List<?> plain) {
        List<@Nullable Object> list = new ArrayList<>(plain.size());
        plain.forEach(value -> list.add(read(value)));
        return list;
    }

    private static @Nullable Object read(@Nullable Object plain) {
        if (!(plain instanceof Map<?, ?> typed)) {
            return plain;
        }
        Map.Entry<?, ?> only = typed.entrySet().iterator().next();
        Function<Object, @Nullable Object> reader = READERS.get(String.valueOf(only.getKey()));
        if (reader == null || only.getValue() == null) {
            throw new IllegalArgumentException("unknown type of argument: " + only.getKey());
        }
        return reader.apply(only.getValue());
    }
}
