// SPDX-License-Identifier: Apache-2.0
package io.relais.log.metadata;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

import io.relais.log.disk.Disk;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/**
 * Metadata in one file, on H2's MVStore: a stage completes after its change, and whatever shared its group, is synced.
 *
 * <p>Thread: as {@link LocalMetadataStore}; MVStore itself runs none. Memory: {@value #CACHE_MIB} MiB of cache, and one group.
 * <p>Disk: the file is compacted as it is written, so that it stays within a small multiple of what lives in it.
 */
public final class MvMetadataStore extends LocalMetadataStore {
    private static final int CACHE_MIB = 1;
    /** Commits between two looks at what is dead in the file. */
    private static final int COMPACT_EVERY = 100;
    /** Share of the file that should live, in percent. */
    private static final int FILL_PERCENT = 70;
    /** Bytes moved in one look. */
    private static final int COMPACT_BYTES = 1 << 20;

    private final MVStore store;
    private int commits;

    private MvMetadataStore(MVStore store, Executor executor) {
        super(new MvTable(store), executor);
        this.store = store;
    }

    /**
     * Opens a file, or creates it. Blocks.
     *
     * @param executor where commits run: a thread of its own, as each waits for the disk
     * @throws IOException where the disk fails, or the file is damaged
     */
    public static MvMetadataStore open(Disk disk, Path file, Executor executor) throws IOException {
        try {
            Map<String, Object> config = new HashMap<>(Map.of("cacheSize", CACHE_MIB));
            MVStore store = new MVStore.Builder().adoptFileStore(new DiskFileStore(disk, file, config))
                    .autoCommitDisabled()
                    .cacheSize(CACHE_MIB).open();
            store.setVersionsToKeep(0);
            return new MvMetadataStore(store, executor);
        } catch (MVStoreException e) {
            throw new IOException("metadata in " + file + " cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override
    void commit() throws IOException {
        try {
            store.commit();
            store.sync();
            if (++commits % COMPACT_EVERY == 0) {
                store.compact(FILL_PERCENT, COMPACT_BYTES);
                store.sync();
            }
        } catch (MVStoreException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    void closeTable() {
        store.closeImmediately();
    }
}
