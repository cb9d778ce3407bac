// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;

import io.netty.buffer.ByteBuf;
import io.relais.log.disk.FilePool;

/**
 * From timestamp to offset, at most as dense as the {@link OffsetIndex}; entries as Kafka's (big-endian).
 *
 * <pre>
 *  at  field            type
 *   0  timestamp        i64   the highest of all batches before and at that offset, ms since the epoch
 *   8  relative offset  i32   base offset of a batch, less that of the segment
 * </pre>
 *
 * <p>Thread: as {@link IndexFile}.
 */
final class TimeIndex {
    static final int ENTRY_BYTES = 12;

    private final long base;
    private final IndexFile file;
    private long lastTimestamp = Long.MIN_VALUE;

    TimeIndex(FilePool files, Path path, long base) {
        this.base = base;
        this.file = new IndexFile(files, path, ENTRY_BYTES);
    }

    IndexFile file() {
        return file;
    }

    /** Timestamp of the last entry; the lowest number where there is none. */
    long lastTimestamp() {
        return lastTimestamp;
    }

    /** Goes on with a file of which so many entries count. */
    void resume(int entries, long timestamp) {
        file.count(entries);
        lastTimestamp = timestamp;
    }

    /** Adds an entry if time went on. */
    void add(long timestamp, long offset) {
        if (timestamp > lastTimestamp) {
            lastTimestamp = timestamp;
            file.add().writeLong(timestamp).writeInt((int) (offset - base));
        }
    }

    /** An offset before which no batch has a timestamp of {@code timestamp} or higher. */
    long floor(long timestamp) throws IOException {
        ByteBuf entry = file.floor((entries, at) -> entries.getLong(at) < timestamp);
        return entry == null ? base : base + entry.getInt(8);
    }

    /** Keeps the entries below an offset, as far as they are in order; later ones are added again. */
    void keepBelow(long offset) throws IOException {
        int all = (int) (file.fileBytes() / ENTRY_BYTES);
        ByteBuf entries = file.read(0, all);
        int kept = 0;
        long lastOffset = base - 1;
        lastTimestamp = Long.MIN_VALUE;
        for (int at = 0; at + ENTRY_BYTES <= entries.readableBytes(); at += ENTRY_BYTES) {
            long timestamp = entries.getLong(at);
            long entryOffset = base + entries.getInt(at + 8);
            if (timestamp <= lastTimestamp || entryOffset <= lastOffset || entryOffset >= offset) {
                break;
            }
            lastTimestamp = timestamp;
            lastOffset = entryOffset;
            kept++;
        }
        file.count(kept);
    }
}
