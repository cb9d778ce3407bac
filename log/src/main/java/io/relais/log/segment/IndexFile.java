// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.disk.FilePool;
import org.jspecify.annotations.Nullable;

/**
 * A file of entries of one size, sorted, to which entries are added. Never synced for its own sake: it can be derived from the log.
 *
 * <p>Thread: one adds and flushes; any reads what was flushed. Memory: entries not flushed.
 */
final class IndexFile {
    /** Entries read at once when a search has come near. */
    static final int BLOCK_ENTRIES = 512;

    private final FilePool files;
    private final Path path;
    private final int entryBytes;
    private @Nullable ByteBuf added;
    private volatile int flushed;

    IndexFile(FilePool files, Path path, int entryBytes) {
        this.files = files;
        this.path = path;
        this.entryBytes = entryBytes;
    }

    Path path() {
        return path;
    }

    /** Entries that can be read. */
    int count() {
        return flushed;
    }

    /** Says how many entries of the file count; what lies behind is overwritten. */
    void count(int entries) {
        flushed = entries;
        added = null;
    }

    /** Entries that were added and cannot be read yet. */
    int waiting() {
        ByteBuf entries = added;
        return entries == null ? 0 : entries.readableBytes() / entryBytes;
    }

    long fileBytes() throws IOException {
        return Math.max(0, files.disk().size(path));
    }

    /** Where to write the next entry. */
    ByteBuf add() {
        if (added == null) {
            added = Unpooled.buffer(entryBytes * 8);
        }
        return added;
    }

    void flush() throws IOException {
        ByteBuf entries = added;
        if (entries != null) {
            int before = flushed;
            files.with(path, file -> {
                file.write((long) before * entryBytes, entries);
                return true;
            });
            flushed = before + entries.readableBytes() / entryBytes;
            added = null;
        }
    }

    /** Cuts off what does not count. */
    void cut() throws IOException {
        flush();
        if (fileBytes() > (long) flushed * entryBytes) {
            files.with(path, file -> {
                file.truncate((long) flushed * entryBytes);
                return true;
            });
        }
    }

    /** Cuts off what does not count, and syncs. */
    void seal() throws IOException {
        cut();
        if (files.disk().size(path) < 0) {
            return;
        }
        files.with(path, file -> {
            file.sync();
            return true;
        });
    }

    ByteBuf read(int from, int count) throws IOException {
        ByteBuf entries = Unpooled.buffer(Math.max(1, count * entryBytes));
        if (count > 0) {
            files.with(path, file -> file.read((long) from * entryBytes, entries, count * entryBytes));
        }
        return entries;
    }

    /** How a search compares: whether the entry at {@code at} lies at or below what is looked for. */
    interface AtOrBelow {
        boolean test(ByteBuf entries, int at);
    }

    /** The last entry at or below what is looked for, as a buffer of one entry; null where there is none. */
    @Nullable
    ByteBuf floor(AtOrBelow test) throws IOException {
        int low = 0;
        int high = flushed;
        while (high - low > BLOCK_ENTRIES) {
            int middle = (low + high) >>> 1;
            if (isAtOrBelow(test, read(middle, 1))) {
                low = middle;
            } else {
                high = middle;
            }
        }
        ByteBuf block = read(low, high - low);
        int end = block.readableBytes() / entryBytes;
        int found = -1;
        while (found + 1 < end && test.test(block, (found + 1) * entryBytes)) {
            found++;
        }
        return found < 0 ? null : block.slice(found * entryBytes, entryBytes);
    }

    private boolean isAtOrBelow(AtOrBelow test, ByteBuf entry) {
        return entry.readableBytes() == entryBytes && test.test(entry, 0);
    }
}
