// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.relais.broker.Arguments;
import io.relais.broker.FieldValues;
import org.jspecify.annotations.Nullable;

/**
 * What the arguments of a binding to a headers exchange ask of a message, as RabbitMQ reads them: {@code x-match} is all (the default), any, all-with-x or any-with-x;
 * other arguments whose name begins with {@code x-} count with the last two only; an argument without a value asks for presence.
 */
public final class HeadersMatch {
    private static final String X_MATCH = "x-match";

    private final boolean all;
    private final List<Wanted> wanted;

    private record Wanted(String name, @Nullable Object value) {
        boolean matches(Map<String, @Nullable Object> headers) {
            if (value == null) {
                return headers.containsKey(name);
            }
            return FieldValues.matches(value, headers.get(name));
        }
    }

    private HeadersMatch(boolean all, List<Wanted> wanted) {
        this.all = all;
        this.wanted = wanted;
    }

    static HeadersMatch of(Arguments arguments) {
        String mode = arguments.get(X_MATCH) instanceof String text ? text : "all";
        boolean withX = mode.endsWith("-with-x");
        List<Wanted> wanted = new ArrayList<>();
        arguments.values().forEach((name, value) -> {
            if (!name.equals(X_MATCH) && (withX || !name.startsWith("x-"))) {
                wanted.add(new Wanted(name, value));
            }
        });
        return new HeadersMatch(mode.startsWith("all"), List.copyOf(wanted));
    }

    /** What is wrong with the arguments of a binding, in RabbitMQ's words; null where nothing is. */
    public static @Nullable String problem(Arguments arguments) {
        if (!arguments.has(X_MATCH)) {
            return null;
        }
        Object mode = arguments.get(X_MATCH);
        if (!(mode instanceof String text)) {
            return "Invalid x-match field type " + FieldValues.typeName(mode) + " (value " + FieldValues.term(mode)
                    + "); expected longstr";
        }
        return switch (text) {
            case "all", "any", "all-with-x", "any-with-x" -> null;
            default -> "Invalid x-match field value <<\"" + text
                    + "\">>; expected all, any, all-with-x, or any-with-x";
        };
    }

    boolean matches(Map<String, @Nullable Object> headers) {
        for (Wanted one : wanted) {
            if (one.matches(headers) != all) {
                return !all;
            }
        }
        return all;
    }
}
