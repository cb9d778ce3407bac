// SPDX-License-Identifier: Apache-2.0
package io.relais.log.metadata;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

import io.relais.log.metadata.MetadataStore.Change;
import io.relais.log.metadata.MetadataStore.Versioned;
import org.jspecify.annotations.Nullable;

/** Applies changes to a table, all or none. Thread: that of the table. */
final class Changes {
    /** Longest value, see {@link MetadataStore}. */
    static final int VALUE_BYTES_MAX = 256 << 10;

    private record Undo(String key, @Nullable Versioned before) {}

    private Changes() {}

    /**
     * Applies changes in order.
     *
     * @param changed receives the keys
     * @return the version of the last one put, -1 where none was
     * @throws MetadataException.VersionConflict where one key has another version than expected; nothing is changed then
     */
    static long apply(KeyTable table, List<Change> changes, Set<String> changed) {
        Deque<Undo> undo = new ArrayDeque<>();
        long version = -1;
        try {
            for (Change change : changes) {
                Versioned before = table.get(change.key());
                switch (change) {
                    case Change.Put put -> {
                        check(put.key(), before, put.expected());
                        version = table.nextVersion();
                        undo.push(new Undo(put.key(), before));
                        table.put(put.key(), new Versioned(put.value().clone(), version));
                    }
                    case Change.Delete delete -> {
                        check(delete.key(), before, delete.expected());
                        undo.push(new Undo(delete.key(), before));
                        table.remove(delete.key());
                    }
                }
            }
        } catch (MetadataException.VersionConflict e) {
            undo.forEach(step -> restore(table, step));
            throw e;
        }
        changes.forEach(change -> changed.add(change.key()));
        return version;
    }

    static void check(String key, @Nullable Versioned found, long expected) {
        long version = found == null ? MetadataStore.ABSENT : found.version();
        if (expected != MetadataStore.ANY && expected != version) {
            throw new MetadataException.VersionConflict(key, expected, version);
        }
    }

    static void checkSize(String key, byte[] value) {
        if (value.length > VALUE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "key " + key + ": a value of " + value.length + " bytes is over the limit of "
                            + VALUE_BYTES_MAX);
        }
    }

    private static void restore(KeyTable table, Undo step) {
        if (step.before() == null) {
            table.remove(step.key());
        } else {
            table.put(step.key(), step.before());
        }
    }
}
