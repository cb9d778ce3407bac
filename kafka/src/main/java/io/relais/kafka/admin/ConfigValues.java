// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Texts of configuration values: how lists grow and shrink, and how long they may get. */
final class ConfigValues {
    private static final int VALUE_MAX = Short.MAX_VALUE;
    /** Of all values of one resource; Kafka has no such bound, but there each is a record of its own. */
    private static final int TOTAL_MAX = 128 << 10;

    private ConfigValues() {}

    /** @throws ConfigException where a value, or all together, are too long */
    static void checkSizes(Map<String, String> values) {
        int total = 0;
        for (Map.Entry<String, String> entry : values.entrySet()) {
            if (entry.getValue().length() > VALUE_MAX) {
                throw new ConfigException(
                        "The configuration value cannot be added because it exceeds the maximum value size of "
                                + VALUE_MAX + " bytes.");
            }
            total += entry.getKey().length() + entry.getValue().length();
        }
        if (total > TOTAL_MAX) {
            throw new ConfigException("The configuration has " + total + " characters; at most " + TOTAL_MAX
                    + " are kept.");
        }
    }

    /** Adds the parts of a list that it does not have. */
    static String append(@Nullable String list, String parts) {
        List<String> result = parts(list);
        for (String part : parts.split(",", -1)) {
            if (!result.contains(part)) {
                result.add(part);
            }
        }
        return String.join(",", result);
    }

    /** Takes parts out of a list. */
    static String subtract(@Nullable String list, String parts) {
        List<String> result = parts(list);
        for (String part : parts.split(",", -1)) {
            result.remove(part);
        }
        return String.join(",", result);
    }

    private static List<String> parts(@Nullable String list) {
        List<String> parts = new ArrayList<>();
        if (list != null) {
            Arrays.stream(list.split(",", -1)).map(String::strip).filter(part -> !part.isEmpty()).forEach(parts::add);
        }
        return parts;
    }
}
