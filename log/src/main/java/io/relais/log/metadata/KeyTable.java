// SPDX-License-Identifier: Apache-2.0
package io.relais.log.metadata;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.relais.log.metadata.MetadataStore.Item;
import io.relais.log.metadata.MetadataStore.Versioned;
import org.jspecify.annotations.Nullable;

/** Sorted keys with their values. Thread: one at a time. */
interface KeyTable {
    @Nullable
    Versioned get(String key);

    void put(String key, Versioned value);

    void remove(String key);

    /** Appends the items whose key begins with {@code prefix}, sorted. */
    void scan(String prefix, List<Item> into);

    /** A number above every version given so far; the number after it is free. */
    long nextVersion();

    /** A table in memory. */
    final class InMemory implements KeyTable {
        private final TreeMap<String, Versioned> keys = new TreeMap<>();
        private long version;

        @Override
        public @Nullable Versioned get(String key) {
            return keys.get(key);
        }

        @Override
        public void put(String key, Versioned value) {
            keys.put(key, value);
        }

        @Override
        public void remove(String key) {
            keys.remove(key);
        }

        @Override
        public void scan(String prefix, List<Item> into) {
            for (Map.Entry<String, Versioned> entry : keys.tailMap(prefix, true).entrySet()) {
                if (!entry.getKey().startsWith(prefix)) {
                    break;
                }
                into.add(new Item(entry.getKey(), entry.getValue().value(), entry.getValue().version()));
            }
        }

        @Override
        public long nextVersion() {
            return ++version;
        }

        InMemory copy() {
            InMemory copy = new InMemory();
            copy.keys.putAll(keys);
            copy.version = version;
            return copy;
        }
    }
}
