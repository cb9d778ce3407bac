// SPDX-License-Identifier: Apache-2.0
package io.relais.log.metadata;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.disk.Disk;
import io.relais.log.disk.DiskFile;
import io.relais.log.record.Crc;

/**
 * A file whose writes between two syncs happen all or not at all, whatever the power does: they go to a redo file first.
 *
 * <p>MVStore needs this: its chunks have no checksum over their content, and it writes over space that the last commit freed, so sectors that arrive out of order would be taken for data.
 *
 * <p>The redo file is a sequence of frames, each written and synced by one {@link #sync}. All integers are big-endian.
 *
 * <pre>
 *  at  field       type
 *   0  magic       u32   "RRDO"
 *   4  crc         u32   CRC-32C of everything from generation to the end of the writes
 *   8  generation  i64   of the redo file: it goes up when the file is begun anew
 *  16  sequence    i32   of the frame in its generation, from 0
 *  20  length      i32   bytes of the writes
 *  24  writes      n × (position i64, length i32, bytes); length -1: the file ends at position
 * </pre>
 *
 * <p>Frames begin at multiples of 512 bytes. When the redo file is long enough the main file is synced, and the redo file begins anew at its front.
 *
 * <p>Thread: one at a time. Memory: what was written since the last sync.
 */
final class AtomicFile implements AutoCloseable {
    /** Length of the redo file from which on it begins anew. */
    static final int REDO_BYTES = 1 << 20;

    private static final int MAGIC = 0x5252444f;
    private static final int CRC_AT = 4;
    private static final int GENERATION_AT = 8;
    private static final int SEQUENCE_AT = 16;
    private static final int LENGTH_AT = 20;
    private static final int HEADER_BYTES = 24;
    private static final int ALIGNMENT_BYTES = 512;
    private static final int CUT = -1;

    /** {@code bytes} empty: the file ends at {@code position}. */
    private record Write(long position, ByteBuf bytes) {}

    private final DiskFile main;
    private final DiskFile redo;
    private final List<Write> pending = new ArrayList<>();
    private long size;
    private long generation;
    private int sequence;
    private long redoPosition;

    AtomicFile(Disk disk, Path path) throws IOException {
        main = disk.open(path);
        redo = disk.open(path.resolveSibling(path.getFileName() + ".redo"));
        Path folder = path.getParent();
        disk.syncFolder(folder == null ? Path.of("") : folder);
        recover();
        redo.preallocate(REDO_BYTES);
        checkpoint();
        size = main.size();
    }

    long size() {
        return size;
    }

    void write(long position, ByteBuf bytes) {
        pending.add(new Write(position, Unpooled.copiedBuffer(bytes)));
        size = Math.max(size, position + bytes.readableBytes());
    }

    void truncate(long end) {
        pending.add(new Write(end, Unpooled.EMPTY_BUFFER));
        size = end;
    }

    /** Reads what was written, synced or not. */
    void read(long position, ByteBuf into, int length) throws IOException {
        int start = into.writerIndex();
        int n = main.read(position, into, length);
        into.writeZero(length - n);
        for (Write write : pending) {
            long from = Math.max(position, write.position());
            long to = Math.min(position + length, write.position() + write.bytes().readableBytes());
            if (from < to) {
                into.setBytes(start + (int) (from - position), write.bytes(), (int) (from - write.position()),
                        (int) (to - from));
            }
        }
    }

    /** Makes everything written so far durable, all or nothing. */
    void sync() throws IOException {
        if (pending.isEmpty()) {
            return;
        }
        ByteBuf frame = frame();
        redo.write(redoPosition, frame);
        redo.sync();
        redoPosition += frame.readableBytes();
        for (Write write : pending) {
            apply(write.position(), write.bytes());
        }
        pending.clear();
        if (redoPosition >= REDO_BYTES) {
            checkpoint();
        }
    }

    private ByteBuf frame() {
        ByteBuf frame = Unpooled.buffer();
        frame.writeInt(MAGIC).writeInt(0).writeLong(generation).writeInt(sequence++).writeInt(0);
        for (Write write : pending) {
            int length = write.bytes().readableBytes();
            frame.writeLong(write.position()).writeInt(length == 0 ? CUT : length);
            frame.writeBytes(write.bytes(), 0, length);
        }
        frame.setInt(LENGTH_AT, frame.writerIndex() - HEADER_BYTES);
        frame.setInt(CRC_AT, Crc.of(frame, GENERATION_AT, frame.writerIndex() - GENERATION_AT));
        return frame.writeZero(padding(frame.writerIndex()));
    }

    private static int padding(int length) {
        return -length & (ALIGNMENT_BYTES - 1);
    }

    private void apply(long position, ByteBuf bytes) throws IOException {
        if (bytes.isReadable()) {
            main.write(position, bytes);
        } else {
            main.truncate(position);
        }
    }

    private void checkpoint() throws IOException {
        main.sync();
        generation++;
        sequence = 0;
        redoPosition = 0;
    }

    /** Repeats the writes of the redo file, in order: those that reached the main file already do no harm. */
    private void recover() throws IOException {
        ByteBuf all = Unpooled.buffer();
        redo.read(0, all, (int) Math.min(redo.size(), Integer.MAX_VALUE));
        if (all.readableBytes() >= HEADER_BYTES && all.getInt(0) == MAGIC) {
            generation = all.getLong(GENERATION_AT);
        }
        while (isNextFrame(all)) {
            int length = all.getInt(all.readerIndex() + LENGTH_AT);
            repeat(all.slice(all.readerIndex() + HEADER_BYTES, length));
            int frameBytes = HEADER_BYTES + length;
            all.skipBytes(Math.min(all.readableBytes(), frameBytes + padding(frameBytes)));
            sequence++;
        }
    }

    private boolean isNextFrame(ByteBuf in) {
        int at = in.readerIndex();
        if (in.readableBytes() < HEADER_BYTES || in.getInt(at) != MAGIC || in.getLong(at + GENERATION_AT) != generation
                || in.getInt(at + SEQUENCE_AT) != sequence) {
            return false;
        }
        int length = in.getInt(at + LENGTH_AT);
        return length >= 0 && length <= in.readableBytes() - HEADER_BYTES
                && Crc.of(in, at + GENERATION_AT, HEADER_BYTES - GENERATION_AT + length) == in.getInt(at + CRC_AT);
    }

    private void repeat(ByteBuf writes) throws IOException {
        while (writes.isReadable()) {
            long position = writes.readLong();
            int length = writes.readInt();
            apply(position, length == CUT ? Unpooled.EMPTY_BUFFER : writes.readSlice(length));
        }
    }

    @Override
    public void close() throws IOException {
        try (main; redo) {
            main.sync();
        }
    }
}
