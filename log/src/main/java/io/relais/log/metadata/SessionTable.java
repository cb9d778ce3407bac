// SPDX-License-Identifier: Apache-2.0
package io.relais.log.metadata;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.relais.log.metadata.MetadataStore.Item;
import io.relais.log.metadata.MetadataStore.Versioned;
import org.jspecify.annotations.Nullable;

/** The durable keys, and over them those that live as long as a session: these are in memory only, for they end with the process. Thread: one at a time. */
final class SessionTable implements KeyTable {
    private final KeyTable durable;
    private final KeyTable.InMemory ephemeral = new KeyTable.InMemory();
    private final Map<String, LocalSession> holders = new HashMap<>();

    SessionTable(KeyTable durable) {
        this.durable = durable;
    }

    @Override
    public @Nullable Versioned get(String key) {
        return at(key).get(key);
    }

    /** An ephemeral key stays one. */
    @Override
    public void put(String key, Versioned value) {
        at(key).put(key, value);
    }

    void putEphemeral(String key, Versioned value, LocalSession holder) {
        ephemeral.put(key, value);
        holders.put(key, holder);
    }

    @Override
    public void remove(String key) {
        at(key).remove(key);
        holders.remove(key);
    }

    /** Keys of a session. */
    List<String> heldBy(LocalSession holder) {
        return holders.entrySet().stream().filter(entry -> entry.getValue().equals(holder)).map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    @Override
    public void scan(String prefix, List<Item> into) {
        var items = new ArrayList<Item>();
        durable.scan(prefix, items);
        int before = items.size();
        ephemeral.scan(prefix, items);
        if (items.size() > before) {
            items.sort(Comparator.comparing(Item::key));
        }
        into.addAll(items);
    }

    @Override
    public long nextVersion() {
        return durable.nextVersion();
    }

    private KeyTable at(String key) {
        return holders.containsKey(key) ? ephemeral : durable;
    }
}
