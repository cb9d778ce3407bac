// SPDX-License-Identifier: Apache-2.0
package io.relais.log.metadata;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

import io.relais.log.metadata.MetadataStore.Item;
import io.relais.log.metadata.MetadataStore.Versioned;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/**
 * Keys in an MVStore. The last version given is kept in a map of its own, so that a deleted key never has an old version again. Stored values (big-endian):
 *
 * <pre>
 *  at  field    type
 *   0  version  i64
 *   8  crc      u32   CRC-32C of the key in UTF-8, the version, and the value: MVStore has none
 *  12  value
 * </pre>
 *
 * <p>Memory: that of the store's cache.
 */
final class MvTable implements KeyTable {
    private static final String VERSION = "version";
    private static final int VALUE_AT = Long.BYTES + Integer.BYTES;

    private final MVMap<String, byte[]> keys;
    private final MVMap<String, byte[]> counters;
    private long version;

    MvTable(MVStore store) {
        keys = store.openMap("keys", types());
        counters = store.openMap("counters", types());
        byte[] last = counters.get(VERSION);
        version = last == null ? 0 : ByteBuffer.wrap(last).getLong();
    }

    private static MVMap.Builder<String, byte[]> types() {
        return new MVMap.Builder<String, byte[]>().keyType(StringDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE);
    }

    @Override
    public @Nullable Versioned get(String key) {
        byte[] stored = keys.get(key);
        return stored == null ? null : decode(key, stored);
    }

    @Override
    public void put(String key, Versioned value) {
        byte[] bytes = value.value();
        keys.put(key, ByteBuffer.allocate(VALUE_AT + bytes.length).putLong(value.version())
                .putInt(checksum(key, value.version(), bytes)).put(bytes).array());
    }

    @Override
    public void remove(String key) {
        keys.remove(key);
    }

    @Override
    public void scan(String prefix, List<Item> into) {
        var cursor = keys.cursor(prefix);
        while (cursor.hasNext()) {
            String key = cursor.next();
            if (!key.startsWith(prefix)) {
                break;
            }
            Versioned value = decode(key, cursor.getValue());
            into.add(new Item(key, value.value(), value.version()));
        }
    }

    @Override
    public long nextVersion() {
        version++;
        counters.put(VERSION, ByteBuffer.allocate(Long.BYTES).putLong(version).array());
        return version;
    }

    private static Versioned decode(String key, byte[] stored) {
        ByteBuffer in = ByteBuffer.wrap(stored);
        if (stored.length >= VALUE_AT) {
            long version = in.getLong();
            int checksum = in.getInt();
            byte[] value = new byte[in.remaining()];
            in.get(value);
            if (checksum == checksum(key, version, value)) {
                return new Versioned(value, version);
            }
        }
        throw new IllegalStateException("metadata is damaged: key " + key + " does not match its checksum");
    }

    private static int checksum(String key, long version, byte[] value) {
        CRC32C crc = new CRC32C();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(version).flip());
        crc.update(value);
        return (int) crc.getValue();
    }
}
