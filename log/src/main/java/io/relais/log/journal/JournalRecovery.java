// SPDX-License-Identifier: Apache-2.0
package io.relais.log.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.relais.log.Damage;
import io.relais.log.LogId;
import io.relais.log.disk.Disk;
import io.relais.log.disk.DiskFile;
import io.relais.log.disk.ReadWindow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what a journal holds, and decides what was never acknowledged.
 *
 * <p>Frames are taken in order as long as their offsets follow one another. Where offsets are missing, the frames behind are <b>held</b> until one proves, by its {@code durableBelow}, that
 * the missing ones were durable: then they are {@link Damage}, and what is behind goes on. Without proof the missing ones were never acknowledged, nor were those behind: a torn tail. It is
 * wiped, so that it cannot come back.
 *
 * <p>Frames that nothing proves durable are written again and synced: after a sync that failed, the system may show bytes that the disk does not have.
 *
 * <p>Thread: one, used once. Memory: the index, and one window.
 */
final class JournalRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(JournalRecovery.class);
    private static final long UNKNOWN = -1;

    /** A sound frame as it was found. */
    private record Found(JournalFile file, long position, long firstOffset, int count, int length) {
        long endOffset() {
            return firstOffset + count;
        }

        long endPosition() {
            return position + Frame.sizeBytes(length);
        }
    }

    private final Disk disk;
    private final LogId id;
    private final Path folder;
    private final ByteBufAllocator allocator;
    private final @Nullable JournalState state;

    private final List<JournalFile> files = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();
    private final Set<JournalFile> damaged = new HashSet<>();
    private final Deque<Found> unproven = new ArrayDeque<>();
    private final Deque<Found> held = new ArrayDeque<>();
    private final List<Found> dropped = new ArrayList<>();
    private @Nullable Found last;
    private long expected = UNKNOWN;
    private long provenBelow;
    private long nextNumber;

    JournalRecovery(Disk disk, LogId id, Path folder, ByteBufAllocator allocator, @Nullable JournalState state) {
        this.disk = disk;
        this.id = id;
        this.folder = folder;
        this.allocator = allocator;
        this.state = state;
        provenBelow = state == null ? 0 : state.end();
        nextNumber = state == null ? 1 : state.firstFile();
    }

    /**
     * Reads all files, and leaves on the disk exactly what it found to be the journal's content.
     *
     * @param freshSalt used where none is known
     */
    Result run(long freshSalt) throws IOException {
        List<Long> numbers = JournalFolder.numbers(disk, folder);
        long salt = salt(numbers, freshSalt);
        try (ReadWindow window = new ReadWindow(allocator)) {
            for (long number : numbers) {
                nextNumber = Math.max(nextNumber, number + 1);
                scan(number, salt, window);
            }
        }
        finish();
        return new Result(salt, keep(), expected, nextNumber, damages, emptied());
    }

    /**
     * @param files   those with entries, or damaged ones, oldest first
     * @param end     offset at which the journal goes on
     * @param unused  files without entries
     */
    record Result(long salt, List<JournalFile> files, long end, long nextNumber, List<Damage> damages,
            List<JournalFile> unused) {}

    private long salt(List<Long> numbers, long freshSalt) throws IOException {
        if (state != null) {
            return state.salt();
        }
        for (long number : numbers) {
            try (DiskFile file = disk.open(JournalFolder.path(folder, number))) {
                FileHeader header = header(file);
                if (header != null) {
                    return header.salt();
                }
            }
        }
        return freshSalt;
    }

    private static @Nullable FileHeader header(DiskFile file) throws IOException {
        ByteBuf in = Unpooled.buffer(FileHeader.SIZE_BYTES);
        file.read(0, in, FileHeader.SIZE_BYTES);
        return FileHeader.decode(in);
    }

    private void scan(long number, long salt, ReadWindow window) throws IOException {
        Path path = JournalFolder.path(folder, number);
        DiskFile open = disk.open(path);
        long size = open.size();
        JournalFile file = new JournalFile(number, path, size, FileHeader.generation(salt, number), open);
        files.add(file);
        FileHeader header = header(open);
        if (header == null || header.number() != number || header.salt() != salt) {
            damage(file, 0, Math.min(size, FileHeader.SIZE_BYTES), UNKNOWN, UNKNOWN,
                    size == 0 ? "the file is empty" : "the header of the file does not match its checksum");
        } else if (header.capacity() > size) {
            damage(file, size, header.capacity() - size, UNKNOWN, UNKNOWN, "the file was cut short");
        }
        if (expected == UNKNOWN && state != null && number == state.firstFile()) {
            expected = state.end();
        }
        window.open(open);
        FrameScanner scanner = new FrameScanner(window, size, file.generation);
        while (scanner.next()) {
            found(new Found(file, scanner.position(), scanner.firstOffset(), scanner.count(), scanner.length()),
                    scanner.durableBelow());
        }
        if (expected == UNKNOWN && state != null && number < state.firstFile()) {
            damage(file, 0, size, UNKNOWN, UNKNOWN, "no entry of the file matches its checksum");
        }
    }

    private void found(Found frame, long durableBelow) {
        if (expected == UNKNOWN) {
            expected = frame.firstOffset();
            long marks = FileHeader.SIZE_BYTES + Frame.ALIGNMENT_BYTES;
            if (frame.position() > marks) {
                damage(frame.file(), FileHeader.SIZE_BYTES, frame.position() - FileHeader.SIZE_BYTES, UNKNOWN,
                        expected - 1, "entries at the beginning do not match their checksum");
            }
        }
        // a later file goes on where the journal ended: what was held from there on was never acknowledged
        while (!held.isEmpty() && held.getLast().file() != frame.file()
                && held.getLast().endOffset() > frame.firstOffset()) {
            dropped.add(held.removeLast());
        }
        if (frame.firstOffset() < expected) {
            damage(frame.file(), frame.position(), frame.endPosition() - frame.position(), UNKNOWN, UNKNOWN,
                    "an entry of offset " + frame.firstOffset() + " stands behind offset " + expected);
            return;
        }
        held.addLast(frame);
        prove(Math.max(provenBelow, durableBelow));
    }

    /** Takes what is held as far as offsets follow one another, or are proven to have done so. */
    private void prove(long below) {
        provenBelow = below;
        while (!held.isEmpty()) {
            Found next = held.getFirst();
            if (next.firstOffset() > expected) {
                if (provenBelow <= expected) {
                    break;
                }
                missing(Math.min(provenBelow, next.firstOffset()), next);
                if (next.firstOffset() > expected) {
                    break;
                }
            }
            held.removeFirst();
            take(next);
        }
        while (!unproven.isEmpty() && unproven.getFirst().endOffset() <= provenBelow) {
            unproven.removeFirst();
        }
    }

    private void take(Found frame) {
        if (frame.file().firstOffset() < 0) {
            frame.file().begin(frame.firstOffset());
        }
        if (frame.count() > 0) {
            frame.file().add(frame.firstOffset(), frame.count(), frame.position(), frame.length());
            unproven.addLast(frame);
        }
        expected = frame.endOffset();
        last = frame;
    }

    private void missing(long end, @Nullable Found next) {
        JournalFile file = last != null ? last.file() : next != null ? next.file() : files.getFirst();
        long from = last != null ? last.endPosition() : FileHeader.SIZE_BYTES;
        long to = next != null && next.file() == file ? next.position() : file.capacity;
        damage(file, from, Math.max(0, to - from), expected, end - 1,
                "entries are missing or do not match their checksum");
        expected = end;
    }

    private void damage(JournalFile file, long position, long length, long firstOffset, long lastOffset, String what) {
        damages.add(new Damage(id, file.path.toString(), position, length, firstOffset, lastOffset, what));
        damaged.add(file);
    }

    private void finish() throws IOException {
        if (expected == UNKNOWN) {
            expected = provenBelow;
        }
        if (provenBelow > expected) {
            if (files.isEmpty()) {
                damages.add(
                        new Damage(id, folder.toString(), 0, 0, expected, provenBelow - 1, "all files are missing"));
                expected = provenBelow;
            } else {
                missing(provenBelow, null);
            }
        }
        dropped.addAll(held);
        if (!dropped.isEmpty()) {
            LOG.info("log {}: {} entries that were never acknowledged are cut from the end at offset {}", id,
                    dropped.size(), expected);
        }
        Set<JournalFile> changed = new HashSet<>();
        ByteBuf zeros = Unpooled.buffer(Frame.ALIGNMENT_BYTES).writeZero(Frame.ALIGNMENT_BYTES);
        for (Found frame : dropped) {
            frame.file().disk.write(frame.position(), zeros);
            changed.add(frame.file());
        }
        for (Found frame : unproven) {
            rewrite(frame);
            changed.add(frame.file());
        }
        for (JournalFile file : files) {
            if (changed.contains(file)) {
                file.disk.sync();
            }
        }
    }

    private void rewrite(Found frame) throws IOException {
        int size = Frame.HEADER_BYTES + frame.length();
        ByteBuf bytes = allocator.directBuffer(size);
        try {
            frame.file().disk.read(frame.position(), bytes, size);
            frame.file().disk.write(frame.position(), bytes);
        } finally {
            bytes.release();
        }
    }

    private List<JournalFile> keep() {
        var kept = new ArrayDeque<JournalFile>();
        long next = expected;
        for (JournalFile file : files.reversed()) {
            if (file.index.size() > 0) {
                kept.addFirst(file);
            } else if (damaged.contains(file)) {
                file.begin(next);
                kept.addFirst(file);
            }
            next = file.index.size() > 0 ? file.firstOffset() : next;
        }
        return List.copyOf(kept);
    }

    private List<JournalFile> emptied() {
        return files.stream().filter(file -> file.index.size() == 0 && !damaged.contains(file)).toList();
    }
}
