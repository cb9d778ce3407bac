// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;

import io.netty.buffer.ByteBuf;
import io.relais.log.disk.FilePool;
import org.jspecify.annotations.Nullable;

/**
 * From offset to position, for one batch in every {@link #INTERVAL_BYTES} of a segment; entries as Kafka's (big-endian).
 *
 * <pre>
 *  at  field            type
 *   0  relative offset  i32   base offset of a batch, less that of the segment
 *   4  position         i32   where the batch begins in the segment
 * </pre>
 *
 * <p>Searched on the disk: no memory per log. Thread: as {@link IndexFile}.
 */
final class OffsetIndex {
    static final int INTERVAL_BYTES = 4096;
    static final int ENTRY_BYTES = 8;

    /** One entry. */
    record Entry(long offset, long position) {}

    private final long base;
    private final IndexFile file;

    OffsetIndex(FilePool files, Path path, long base) {
        this.base = base;
        this.file = new IndexFile(files, path, ENTRY_BYTES);
    }

    IndexFile file() {
        return file;
    }

    void add(long offset, long position) {
        file.add().writeInt((int) (offset - base)).writeInt((int) position);
    }

    /** The last entry at or below an offset; the beginning of the segment where there is none, or none that can be. */
    Entry floor(long offset) throws IOException {
        return floor(offset, Long.MAX_VALUE);
    }

    /** The last entry at or below an offset and a position; as {@link #floor(long)} else. */
    Entry floor(long offset, long position) throws IOException {
        ByteBuf entry = file
                .floor((entries, at) -> entries.getInt(at) <= offset - base && entries.getInt(at + 4) <= position);
        return entry != null && entry.getInt(0) >= 0 && entry.getInt(4) >= 0 ? entry(entry, 0) : new Entry(base, 0);
    }

    /** The last entry before a position; null where there is none. */
    @Nullable
    Entry last() throws IOException {
        int count = file.count();
        ByteBuf entry = file.read(Math.max(0, count - 1), Math.min(count, 1));
        return entry.readableBytes() < ENTRY_BYTES ? null : entry(entry, 0);
    }

    /**
     * How many entries of the file, counted from its front, are in order and lie before a position.
     *
     * @return -1 where the file is out of order before that
     */
    int soundBefore(long position) throws IOException {
        int all = (int) (file.fileBytes() / ENTRY_BYTES);
        ByteBuf entries = file.read(0, all);
        Entry last = new Entry(base - 1, -1);
        for (int i = 0; i < entries.readableBytes() / ENTRY_BYTES; i++) {
            Entry entry = entry(entries, i * ENTRY_BYTES);
            if (entry.position() >= position) {
                return i;
            }
            if (entry.offset() <= last.offset() || entry.position() <= last.position()) {
                return entry.position() == 0 && entry.offset() == base ? i : -1; // zeros: never written
            }
            last = entry;
        }
        return all;
    }

    private Entry entry(ByteBuf in, int at) {
        return new Entry(base + in.getInt(at), in.getInt(at + 4));
    }
}
