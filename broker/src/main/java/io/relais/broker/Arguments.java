// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The arguments of a declaration or binding: immutable, compared by names, types and values, whatever their order. Values are those of {@link PropertiesCodec}.
 */
public final class Arguments {
    public static final Arguments NONE = new Arguments(Map.of());

    private final Map<String, @Nullable Object> values;
    private final String text;

    private Arguments(Map<String, @Nullable Object> values) {
        this.values = values;
        this.text = values.isEmpty() ? "{}" : ArgumentsJson.write(values);
    }

    public static Arguments of(Map<String, @Nullable Object> values) {
        if (values.isEmpty()) {
            return NONE;
        }
        Map<String, @Nullable Object> sorted = new LinkedHashMap<>();
        values.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(entry -> sorted.put(entry.getKey(), FieldValues.copy(entry.getValue())));
        return new Arguments(java.util.Collections.unmodifiableMap(sorted));
    }

    /** The value, or null: for an argument that is not there, and for one without a value. */
    public @Nullable Object get(String name) {
        return values.get(name);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** All of them, sorted by name. */
    public Map<String, @Nullable Object> values() {
        return values;
    }

    /** The form they are stored in: equal texts are equal arguments. */
    String json() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Arguments arguments && text.equals(arguments.text));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
