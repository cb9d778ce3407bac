// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;

/** Which metrics clients are asked to push (KIP-714). Patterns are RE2: they run in linear time. */
final class ClientMetricsConfig {
    static final ConfigDef DEFINITION = new ConfigDef()
            .define("metrics", Type.LIST, List.of(), Importance.MEDIUM, "Prefixes of the names of metrics; * for all.")
            .define("interval.ms", Type.INT, 300_000, Importance.MEDIUM, "How often they are pushed, in milliseconds.")
            .define("match", Type.LIST, List.of(), Importance.MEDIUM, "Which clients: patterns by name of a property.");

    private static final int INTERVAL_MIN_MS = 100;
    private static final int INTERVAL_MAX_MS = 3_600_000;
    private static final Set<String> PROPERTIES = Set.of("client_instance_id", "client_id", "client_software_name",
            "client_software_version", "client_source_address", "client_source_port");

    private ClientMetricsConfig() {}

    /** @throws org.apache.kafka.common.errors.ApiException or {@link org.apache.kafka.common.config.ConfigException} where it is not valid */
    static void check(String subscription, Map<String, String> values) {
        if (subscription.isEmpty()) {
            throw new InvalidRequestException("Subscription name can't be empty");
        }
        for (String name : values.keySet()) {
            if (!DEFINITION.names().contains(name)) {
                throw new InvalidRequestException("Unknown client metrics configuration: " + name);
            }
        }
        Map<String, Object> parsed = DEFINITION.parse(values);
        if (parsed.get("interval.ms") instanceof Integer interval
                && (interval < INTERVAL_MIN_MS || interval > INTERVAL_MAX_MS)) {
            throw new InvalidRequestException("Invalid value " + interval
                    + " for interval.ms, interval must be between 100 and 3600000 (1 hour)");
        }
        if (parsed.get("match") instanceof List<?> patterns) {
            patterns.forEach(pattern -> checkPattern(String.valueOf(pattern)));
        }
    }

    private static void checkPattern(String text) {
        String[] parts = text.split("=", -1);
        try {
            if (parts.length == 2 && PROPERTIES.contains(parts[0].strip())) {
                Pattern.compile(parts[1].strip());
                return;
            }
        } catch (PatternSyntaxException _) {
            // said below
        }
        throw new InvalidConfigurationException("Illegal client matching pattern: " + text);
    }
}
