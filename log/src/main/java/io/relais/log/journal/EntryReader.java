// SPDX-License-Identifier: Apache-2.0
package io.relais.log.journal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.relais.log.Damage;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.LogReader.Entry;
import io.relais.log.LogReader.EntryVisitor;
import io.relais.log.disk.ReadWindow;
import io.relais.log.record.Crc;
import org.jspecify.annotations.Nullable;

/** Reads entries of a journal from its files. Thread: any; calls block. */
final class EntryReader {
    private final LogId id;
    private final JournalFiles files;
    private final ByteBufAllocator allocator;
    private final Consumer<Damage> report;
    private final List<Damage> lost;

    /** @param lost damage found when the journal was opened */
    EntryReader(LogId id, JournalFiles files, ByteBufAllocator allocator, Consumer<Damage> report, List<Damage> lost) {
        this.id = id;
        this.files = files;
        this.allocator = allocator;
        this.report = report;
        this.lost = new CopyOnWriteArrayList<>(lost);
    }

    @Nullable
    Entry read(long offset) throws IOException {
        if (offset >= files.confirmedEnd()) {
            return null;
        }
        JournalFile file = acquire(offset);
        try {
            int index = indexOf(file, offset);
            int size = Frame.HEADER_BYTES + file.index.length(index);
            ByteBuf frame = bytes(file, file.index.position(index), size);
            if (!isSound(file, index, frame, 0)) {
                frame.release();
                throw new LogException.Damaged(found(file, index));
            }
            return new Entry(file.index.offset(index), file.index.count(index), frame.skipBytes(Frame.HEADER_BYTES));
        } finally {
            file.uses.release();
        }
    }

    ByteBuf read(long offset, int position, int length) throws IOException {
        if (offset >= files.confirmedEnd()) {
            throw new IllegalArgumentException("log " + id + " has no durable offset " + offset);
        }
        JournalFile file = acquire(offset);
        try {
            int index = indexOf(file, offset);
            if (position < 0 || length < 0 || position > file.index.length(index) - length) {
                throw new IllegalArgumentException("the entry of offset %d has %d bytes, not %d from %d"
                        .formatted(offset, file.index.length(index), length, position));
            }
            return bytes(file, file.index.position(index) + Frame.HEADER_BYTES + position, length);
        } finally {
            file.uses.release();
        }
    }

    void scan(long from, EntryVisitor visitor) throws IOException {
        long end = files.confirmedEnd();
        try (ReadWindow window = new ReadWindow(allocator)) {
            for (JournalFile file : files.all()) {
                if (file.endOffset() > from && file.firstOffset() < end && file.uses.acquire()) {
                    try {
                        scan(file, from, end, window, visitor);
                    } finally {
                        file.uses.release();
                    }
                }
            }
        }
    }

    private void scan(JournalFile file, long from, long end, ReadWindow window, EntryVisitor visitor)
            throws IOException {
        window.open(file.disk);
        int size = file.index.size();
        for (int i = Math.max(0, file.index.floor(from)); i < size && file.index.offset(i) < end; i++) {
            if (file.index.endOffset(i) <= from) {
                continue;
            }
            int length = Frame.HEADER_BYTES + file.index.length(i);
            if (length <= ReadWindow.CAPACITY_BYTES) {
                int at = window.at(file.index.position(i), length);
                visit(file, i, window.buffer(), at, visitor);
            } else {
                ByteBuf frame = bytes(file, file.index.position(i), length);
                try {
                    visit(file, i, frame, 0, visitor);
                } finally {
                    frame.release();
                }
            }
        }
    }

    private void visit(JournalFile file, int index, ByteBuf in, int at, EntryVisitor visitor) {
        if (at >= 0 && isSound(file, index, in, at)) {
            ByteBuf payload = in.slice(at + Frame.HEADER_BYTES, file.index.length(index));
            visitor.entry(file.index.offset(index), file.index.count(index), payload);
        } else {
            found(file, index);
        }
    }

    private static boolean isSound(JournalFile file, int index, ByteBuf in, int at) {
        if (!Frame.isHeader(in, at, file.generation) || Frame.length(in, at) != file.index.length(index)
                || Frame.firstOffset(in, at) != file.index.offset(index)) {
            return false;
        }
        CRC32C crc = new CRC32C();
        Crc.update(crc, in, at + Frame.GENERATION_AT,
                Frame.HEADER_BYTES - Frame.GENERATION_AT + file.index.length(index));
        return (int) crc.getValue() == Frame.crc(in, at);
    }

    /** Reads up to {@code length} bytes; what lies beyond the end of a file that was cut is zeros, which match no checksum. */
    private ByteBuf bytes(JournalFile file, long position, int length) throws IOException {
        ByteBuf bytes = allocator.directBuffer(length);
        try {
            int n = file.disk.read(position, bytes, length);
            return bytes.writeZero(length - n);
        } catch (IOException | RuntimeException e) {
            bytes.release();
            throw e;
        }
    }

    private JournalFile acquire(long offset) {
        JournalFile file = files.holding(offset);
        if (file != null && file.uses.acquire()) {
            return file;
        }
        if (file == null || offset < files.startOffset()) {
            throw new LogException.Trimmed(id, offset, files.startOffset());
        }
        throw new LogException.WriterDead(id, null);
    }

    private int indexOf(JournalFile file, long offset) {
        int index = file.index.floor(offset);
        if (index >= 0 && offset < file.index.endOffset(index)) {
            return index;
        }
        for (Damage damage : lost) {
            if (offset <= damage.lastOffset()) {
                throw new LogException.Damaged(damage);
            }
        }
        throw new LogException.Damaged(
                new Damage(id, file.path.toString(), 0, 0, offset, offset, "the entry is missing"));
    }

    private Damage found(JournalFile file, int index) {
        Damage damage = new Damage(id, file.path.toString(), file.index.position(index),
                Frame.sizeBytes(file.index.length(index)), file.index.offset(index), file.index.endOffset(index) - 1,
                "entry does not match its checksum");
        report.accept(damage);
        return damage;
    }
}
