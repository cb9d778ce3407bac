// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** How values of tables are named, shown and compared, as RabbitMQ does it: texts of refusals depend on it, and matching of headers. */
public final class FieldValues {
    private FieldValues() {}

    /** The name of a value's type in RabbitMQ's texts. */
    public static String typeName(@Nullable Object value) {
        return switch (value) {
            case null -> "void";
            case Boolean _ -> "bool";
            case Byte _ -> "byte";
            case Short _ -> "short";
            case Integer _ -> "signedint";
            case Long _ -> "long";
            case Float _ -> "float";
            case Double _ -> "double";
            case BigDecimal _ -> "decimal";
            case String _ -> "longstr";
            case Instant _ -> "timestamp";
            case byte[] _ -> "binary";
            case List<?> _ -> "array";
            case Map<?, ?> _ -> "table";
            default -> value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }

    /** A value as an Erlang term, as in {@code {value_negative,-1}}. */
    public static String term(@Nullable Object value) {
        return switch (value) {
            case null -> "undefined";
            case String text -> "<<\"" + text + "\">>";
            case byte[] bytes -> "<<" + bytes.length + " bytes>>";
            case BigDecimal decimal -> "{" + decimal.scale() + "," + decimal.unscaledValue() + "}";
            case Instant time -> Long.toString(time.getEpochSecond());
            case List<?> list -> list.stream().map(item -> "{" + typeName(item) + "," + term(item) + "}")
                    .collect(Collectors.joining(",", "[", "]"));
            case Map<?, ?> map -> map.entrySet().stream()
                    .map(entry -> "{<<\"" + entry.getKey() + "\">>," + typeName(entry.getValue()) + ","
                            + term(entry.getValue()) + "}")
                    .collect(Collectors.joining(",", "[", "]"));
            default -> value.toString();
        };
    }

    /** A value as RabbitMQ quotes it: a string plainly, anything else as a term. */
    public static String quoted(@Nullable Object value) {
        return "'" + (value instanceof String text ? text : term(value)) + "'";
    }

    /** Whether it is an integer of any size. */
    public static boolean isInteger(@Nullable Object value) {
        return value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long;
    }

    /** Whether two arguments of a declaration mean the same: integers of any size are compared by value, anything else by type and value. */
    public static boolean equivalent(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Number left && other instanceof Number right && isInteger(one) && isInteger(other)) {
            return left.longValue() == right.longValue();
        }
        return typeName(one).equals(typeName(other)) && matches(one, other);
    }

    /**
     * Whether a header has the value that a binding asks for. Types count only inside arrays and tables: 5 equals 5.0 and the timestamp 5, a string equals the same bytes; the order of a table's fields counts.
     */
    public static boolean matches(@Nullable Object wanted, @Nullable Object found) {
        if (wanted == null || found == null) {
            return wanted == null && found == null;
        }
        if (isNumber(wanted) && isNumber(found)) {
            return sameNumber(wanted, found);
        }
        if (isBinary(wanted) && isBinary(found)) {
            return Arrays.equals(bytes(wanted), bytes(found));
        }
        if (wanted instanceof List<?> one && found instanceof List<?> other) {
            return one.size() == other.size() && sameItems(one.iterator(), other.iterator());
        }
        if (wanted instanceof Map<?, ?> one && found instanceof Map<?, ?> other) {
            return one.keySet().stream().toList().equals(other.keySet().stream().toList())
                    && sameItems(one.values().iterator(), other.values().iterator());
        }
        return Objects.equals(wanted, found);
    }

    private static boolean sameItems(Iterator<?> one, Iterator<?> other) {
        while (one.hasNext()) {
            Object left = one.next();
            Object right = other.next();
            if (!typeName(left).equals(typeName(right)) || !matches(left, right)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNumber(@Nullable Object value) {
        return isInteger(value) || value instanceof Instant || value instanceof Float || value instanceof Double;
    }

    private static boolean sameNumber(Object one, Object other) {
        boolean fractions = isFraction(one) || isFraction(other);
        if (!fractions) {
            return integer(one) == integer(other);
        }
        if (isFraction(one) && isFraction(other)) {
            return ((Number) one).doubleValue() == ((Number) other).doubleValue();
        }
        double fraction = ((Number) (isFraction(one) ? one : other)).doubleValue();
        long integer = integer(isFraction(one) ? other : one);
        return Double.isFinite(fraction) && new BigDecimal(fraction).compareTo(BigDecimal.valueOf(integer)) == 0;
    }

    private static boolean isFraction(Object value) {
        return value instanceof Float || value instanceof Double;
    }

    private static long integer(Object value) {
        return value instanceof Instant time ? time.getEpochSecond() : ((Number) value).longValue();
    }

    private static boolean isBinary(@Nullable Object value) {
        return value instanceof String || value instanceof byte[];
    }

    private static byte[] bytes(Object value) {
        return value instanceof byte[] bytes ? bytes : ((String) value).getBytes(StandardCharsets.UTF_8);
    }

    /** A copy that nobody else can change. */
    static @Nullable Object copy(@Nullable Object value) {
        return switch (value) {
            case byte[] bytes -> bytes.clone();
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>(list.size());
                list.forEach(item -> copy.add(copy(item)));
                yield Collections.unmodifiableList(copy);
            }
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((name, item) -> copy.put(String.valueOf(name), copy(item)));
                yield Collections.unmodifiableMap(copy);
            }
            case null, default -> value;
        };
    }
}
