// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.relais.server.config.Config;
import io.relais.server.config.ConfigurationException;
import io.relais.server.config.Key;
import io.relais.server.config.Keys;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that needs the configuration. */
class ConfigOptions {

    @Option(names = "--data", paramLabel = "DIR", description = "The data folder (default: relais-data).")
    private @Nullable String data;

    @Option(names = "--config", paramLabel = "FILE", description = "A configuration file in YAML.")
    private @Nullable Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Sets a key of the configuration; repeatable. See docs/configuration.md.")
    private List<String> sets = new ArrayList<>();

    /** The configuration from flags, --set, environment, file and defaults, in this order of precedence. */
    final Config load(Map<String, String> environment) {
        return Config.load(flags(), sets(), environment, file == null ? fileOf(environment) : file);
    }

    /** The keys that flags set. */
    final Map<String, String> flags() {
        Map<String, String> flags = new HashMap<>();
        put(flags, Keys.DATA, data);
        addFlags(flags);
        return flags;
    }

    private Map<String, String> sets() {
        Map<String, String> byKey = new LinkedHashMap<>();
        for (String set : sets) {
            int equals = set.indexOf('=');
            if (equals < 1) {
                throw new ConfigurationException("--set takes KEY=VALUE, not '" + set + "'");
            }
            byKey.put(set.substring(0, equals).strip(), set.substring(equals + 1).strip());
        }
        return byKey;
    }

    /** Sets an option that has a value; returns false where there is none of that name. */
    boolean take(String option, String value) {
        switch (option) {
            case "--data" -> data = value;
            case "--config" -> file = Path.of(value);
            case "--set" -> sets.add(value);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Flags of a command of its own. */
    void addFlags(Map<String, String> flags) {}

    static void put(Map<String, String> flags, Key<?> key, @Nullable String text) {
        if (text != null) {
            flags.put(key.name(), text);
        }
    }

    private static @Nullable Path fileOf(Map<String, String> environment) {
        String name = environment.get("RELAIS_CONFIG");
        return name == null || name.isBlank() ? null : Path.of(name);
    }
}
