// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.metadata;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

import io.relais.broker.MetadataWriter;
import io.relais.log.metadata.MetadataStore;
import io.relais.log.metadata.MetadataStore.Change;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records of one kind, by name: held in memory, kept in the metadata as JSON under {@code PREFIX + name}. A change takes effect at once and is durable when the writer says so.
 *
 * <p>Thread: the owner, but for {@link #load}. Bounds: {@value #ENTRIES_MAX} records of {@value #BYTES_MAX} bytes; more are refused.
 */
public final class RecordMap<V> {
    static final int ENTRIES_MAX = 100_000;
    static final int BYTES_MAX = 200 << 10;

    private static final JsonMapper JSON = new JsonMapper();

    private final String prefix;
    private final MetadataWriter writer;
    private final Map<String, V> records = new TreeMap<>();

    private RecordMap(String prefix, MetadataWriter writer) {
        this.prefix = prefix;
        this.writer = writer;
    }

    /** Reads the records of a kind. Thread: any; completes on a thread of the store. */
    public static <V> CompletionStage<RecordMap<V>> load(String prefix, Class<V> type, MetadataStore metadata,
            MetadataWriter writer) {
        return metadata.scan(prefix).thenApply(items -> {
            RecordMap<V> map = new RecordMap<>(prefix, writer);
            items.forEach(item -> map.records.put(
                    URLDecoder.decode(item.key().substring(prefix.length()), StandardCharsets.UTF_8),
                    JSON.readValue(item.value(), type)));
            return map;
        });
    }

    public @Nullable V get(String name) {
        return records.get(name);
    }

    /** All records, by name. */
    public Map<String, V> all() {
        return Collections.unmodifiableMap(records);
    }

    /** @throws PolicyViolationException where there are too many, or it is too large */
    public void put(String name, V record) {
        byte[] bytes = JSON.writeValueAsBytes(record);
        if (bytes.length > BYTES_MAX || (records.size() >= ENTRIES_MAX && !records.containsKey(name))) {
            throw new PolicyViolationException("At most " + ENTRIES_MAX + " entries of " + BYTES_MAX
                    + " bytes each are kept.");
        }
        records.put(name, record);
        writer.submit(List.of(new Change.Put(key(name), bytes, MetadataStore.ANY)));
    }

    public void remove(String name) {
        if (records.remove(name) != null) {
            writer.submit(List.of(new Change.Delete(key(name), MetadataStore.ANY)));
        }
    }

    private String key(String name) {
        return prefix + URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
