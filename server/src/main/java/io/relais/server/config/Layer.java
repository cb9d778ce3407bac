// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/** What one source sets: texts by key name, each with words for where it came from. */
record Layer(Map<String, Entry> entries) {

    /**
     * One value.
     *
     * @param origin to go on after "from": {@code --set}, {@code line 3 of relais.yaml}
     */
    record Entry(String text, String origin) {}

    /** Values that all come from one place. */
    static Layer of(Map<String, String> values, String origin) {
        Map<String, Entry> entries = new TreeMap<>();
        values.forEach((key, text) -> entries.put(key, new Entry(text, origin)));
        return new Layer(entries);
    }

    @Nullable
    Entry entry(String key) {
        return entries.get(key);
    }
}
