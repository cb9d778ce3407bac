// SPDX-License-Identifier: Apache-2.0
package io.relais.log.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.disk.Disk;
import io.relais.log.disk.DiskFile;
import org.jspecify.annotations.Nullable;

/**
 * The files of a journal by name: makes them ahead of need, recycles them, deletes them.
 *
 * <pre>
 *  00000000000000000007.journal   a file with its header; numbers increase, gaps are possible
 *  00000000000000000003.spare     a trimmed file that waits for a new number
 *  *.tmp                          being made; deleted at the next opening
 * </pre>
 *
 * <p>Thread: any; methods hold the lock of this object while the disk works, so whoever needs the file that another is making waits for it.
 * <p>Bounds: one file made ahead, {@link #SPARES_MAX} spares.
 */
final class JournalFolder {
    static final int SPARES_MAX = 2;

    /** A journal begins small, so that starting is quick and an idle broker takes little; each file may have this many times the size of the one before. */
    static final int GROWTH = 4;
    static final long FIRST_FILE_BYTES = 1 << 20;
    static final int PAGE_BYTES = 4096;

    private static final String JOURNAL = ".journal";
    private static final String SPARE = ".spare";
    private static final String UNFINISHED = ".tmp";

    private final Disk disk;
    private final LogId id;
    private final Path folder;
    private final long fileBytes;
    private final long salt;
    private final Deque<Path> spares = new ArrayDeque<>();
    private long nextNumber;
    private @Nullable JournalFile ready;
    private boolean closed;

    /** @param fileBytes size of a file, once the journal has grown to it */
    JournalFolder(Disk disk, LogId id, Path folder, long fileBytes, long salt, long nextNumber) {
        this.disk = disk;
        this.id = id;
        this.folder = folder;
        this.fileBytes = roundUp(Math.max(fileBytes, PAGE_BYTES));
        this.salt = salt;
        this.nextNumber = nextNumber;
    }

    static List<Long> numbers(Disk disk, Path folder) throws IOException {
        var numbers = new ArrayList<Long>();
        for (String name : disk.list(folder)) {
            if (name.matches("00\\d{18}\\.journal")) {
                numbers.add(Long.parseLong(name.substring(0, name.length() - JOURNAL.length())));
            }
        }
        return numbers;
    }

    static Path path(Path folder, long number) {
        return folder.resolve("%020d".formatted(number) + JOURNAL);
    }

    /** Learns of spares of the last run, and clears what it left unfinished. */
    synchronized void collect() throws IOException {
        for (String name : disk.list(folder)) {
            Path path = folder.resolve(name);
            if (name.endsWith(UNFINISHED)) {
                disk.delete(path);
            } else if (name.endsWith(SPARE)) {
                if (spares.size() < SPARES_MAX && size(path) == fileBytes) {
                    spares.add(path);
                } else {
                    disk.delete(path);
                }
            }
        }
    }

    /** Makes a file ahead of need, unless there is one. */
    synchronized void prepare(long afterBytes) throws IOException {
        if (ready == null && !closed) {
            ready = make(spares.isEmpty() ? Math.min(fileBytes, roundUp(afterBytes * GROWTH)) : fileBytes);
        }
    }

    /**
     * A file to write to next: with a higher number than any before.
     *
     * @param atLeastBytes what its first frames need
     * @param afterBytes   capacity of the file before, 0 for the first
     */
    synchronized JournalFile take(long atLeastBytes, long afterBytes) throws IOException {
        JournalFile file = ready;
        ready = null;
        if (file != null && file.capacity >= atLeastBytes) {
            return file;
        }
        if (file != null) {
            recycle(file);
        }
        if (atLeastBytes <= fileBytes && !spares.isEmpty()) {
            return make(fileBytes);
        }
        long usual = Math.min(fileBytes, afterBytes == 0 ? FIRST_FILE_BYTES : roundUp(afterBytes * GROWTH));
        return make(Math.max(usual, roundUp(atLeastBytes)));
    }

    /** Takes a file out of the journal, durably: kept as a spare, or deleted. When this is closed the file stays for the next opening. */
    synchronized void recycle(JournalFile file) throws IOException {
        file.close();
        if (closed) {
            return;
        }
        if (file.capacity == fileBytes && spares.size() < SPARES_MAX) {
            Path spare = folder.resolve("%020d".formatted(file.number) + SPARE);
            disk.rename(file.path, spare);
            disk.syncFolder(folder);
            spares.add(spare); // not before: written to under its old name, it would look damaged
        } else {
            disk.delete(file.path);
            disk.syncFolder(folder);
        }
    }

    /** Changes nothing in the folder any more, and closes the file made ahead. */
    synchronized void close() throws IOException {
        closed = true;
        if (ready != null) {
            ready.close();
        }
    }

    private JournalFile make(long capacity) throws IOException {
        long number = nextNumber;
        Path path = path(folder, number);
        Path unfinished = path.resolveSibling(path.getFileName() + UNFINISHED);
        Path spare = capacity == fileBytes ? spares.poll() : null;
        if (spare != null) {
            disk.rename(spare, unfinished);
        }
        try {
            try (DiskFile file = disk.open(unfinished)) {
                file.preallocate(capacity);
                file.write(0, new FileHeader(number, salt, capacity).encode());
                file.sync();
            }
            disk.rename(unfinished, path);
            disk.syncFolder(folder);
        } catch (IOException e) {
            discard(unfinished, e);
            throw new LogException.Io("log " + id + ": cannot make a journal file of " + capacity
                    + " bytes; free space on the disk of the data folder, then restart", e);
        }
        nextNumber = number + 1;
        return new JournalFile(number, path, capacity, FileHeader.generation(salt, number), disk.open(path));
    }

    private void discard(Path unfinished, IOException cause) {
        try {
            disk.delete(unfinished);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private long size(Path path) throws IOException {
        try (DiskFile file = disk.open(path)) {
            return file.size();
        }
    }

    private static long roundUp(long bytes) {
        return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    }
}
