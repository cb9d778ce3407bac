// SPDX-License-Identifier: Apache-2.0
package io.relais.log.journal;

import java.io.IOException;
import java.nio.file.Path;

import io.relais.log.disk.DiskFile;
import io.relais.log.disk.Uses;

/**
 * One file of a journal with the index of its entries.
 *
 * <p>Thread: written by the one that commits; read by any thread that holds a use of it. It is closed, and may be recycled, only when nobody does.
 */
final class JournalFile {
    final long number;
    final Path path;
    final long capacity;
    final long generation;
    final DiskFile disk;
    final EntryIndex index = new EntryIndex();
    final Uses uses = new Uses();

    private volatile long firstOffset = -1;
    private volatile long endOffset = -1;

    JournalFile(long number, Path path, long capacity, long generation, DiskFile disk) {
        this.number = number;
        this.path = path;
        this.capacity = capacity;
        this.generation = generation;
        this.disk = disk;
    }

    /** The offset its first entry has or will have; -1 until it is begun. */
    long firstOffset() {
        return firstOffset;
    }

    /** The offset after its last entry; -1 until it is begun. */
    long endOffset() {
        return endOffset;
    }

    void begin(long offset) {
        firstOffset = offset;
        endOffset = offset;
    }

    void add(long offset, int count, long position, int length) {
        index.add(offset, count, position, length);
        endOffset = offset + count;
    }

    void close() throws IOException {
        disk.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
