// SPDX-License-Identifier: Apache-2.0
package io.relais.log.journal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.zip.CRC32C;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.LogId;
import io.relais.log.commit.Append;
import io.relais.log.commit.GroupCommit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes groups: frames go through one buffer into large writes, then one sync.
 *
 * <p>Copying a frame costs a few nanoseconds per hundred bytes, and saves a system call per entry and the kernel's reading of pages that are written in part: every write ends at
 * the end of a page, behind the last frame with zeros.
 *
 * <p>Thread: that of {@link GroupCommit}. Memory: {@link #BUFFER_BYTES}.
 */
final class JournalSink implements GroupCommit.Sink {
    static final int BUFFER_BYTES = 1 << 20;

    /** Room for one mark is left at the end of every file, for closing the journal. */
    private static final int MARK_BYTES = Frame.ALIGNMENT_BYTES;

    private static final Logger LOG = LoggerFactory.getLogger(JournalSink.class);

    private final LogId id;
    private final JournalFolder folder;
    private final JournalFiles files;
    private final Executor background;
    private final boolean durable;
    private final ByteBuf buffer = Unpooled.directBuffer(BUFFER_BYTES, BUFFER_BYTES);
    private final CRC32C crc = new CRC32C();

    private JournalFile active;
    private long bufferPosition;
    private long endOffset;
    private long syncedBelow;
    private boolean preparing;

    /** @param active the first file, not yet begun */
    JournalSink(LogId id, JournalFolder folder, JournalFiles files, Executor background, boolean durable,
            JournalFile active, long endOffset) {
        this.id = id;
        this.folder = folder;
        this.files = files;
        this.background = background;
        this.durable = durable;
        this.active = active;
        this.endOffset = endOffset;
        this.syncedBelow = endOffset;
        begin(active);
    }

    @Override
    public void commit(List<Append> group) throws IOException {
        for (Append append : group) {
            long size = Frame.sizeBytes(append.bytes().readableBytes());
            boolean rolled = append.newFile() && active.index.size() > 0;
            if (rolled || position() + size > active.capacity - MARK_BYTES) {
                changeFile(size);
            }
            write(append.bytes(), append.count());
            endOffset = append.endOffset();
        }
        flush(true);
        if (durable) {
            sync();
        }
        files.confirm(endOffset);
        prepareAhead();
    }

    @Override
    public void finish(boolean sound) {
        try {
            if (sound) {
                if (syncedBelow < endOffset) {
                    sync();
                }
                write(Unpooled.EMPTY_BUFFER, 0);
                flush(true);
                sync();
            }
        } catch (IOException e) {
            LOG.warn("log {}: closed, but without its last mark: {}", id, e.getMessage());
        }
        buffer.release();
        files.close();
        try {
            folder.close();
        } catch (IOException e) {
            LOG.warn("log {}: {}", id, e.getMessage());
        }
    }

    private void changeFile(long frameBytes) throws IOException {
        flush(true);
        sync();
        preparing = false;
        JournalFile next = folder.take(FileHeader.SIZE_BYTES + 2 * MARK_BYTES + frameBytes, active.capacity);
        files.add(next);
        begin(next);
    }

    private void begin(JournalFile file) {
        active = file;
        bufferPosition = FileHeader.SIZE_BYTES;
        file.begin(endOffset);
        writeHeader(Unpooled.EMPTY_BUFFER, 0);
        pad(Frame.HEADER_BYTES);
    }

    private void write(ByteBuf payload, int count) throws IOException {
        if (room() < Frame.ALIGNMENT_BYTES) {
            flush(false);
        }
        int length = payload.readableBytes();
        if (count > 0) {
            active.add(endOffset, count, position(), length);
        }
        writeHeader(payload, count);
        for (int done = 0; done < length;) {
            if (room() == 0) {
                flush(false);
            }
            int part = Math.min(length - done, room());
            buffer.writeBytes(payload, payload.readerIndex() + done, part);
            done += part;
        }
        pad(Frame.HEADER_BYTES + length);
    }

    private void writeHeader(ByteBuf payload, int count) {
        Frame.writeHeader(buffer, crc, active.generation, endOffset, syncedBelow, count, payload);
    }

    /** Fills the last sector of a frame: there is room for it, as every write ends at the end of a page. */
    private void pad(int frameBytes) {
        int over = frameBytes % Frame.ALIGNMENT_BYTES;
        if (over > 0) {
            buffer.writeZero(Frame.ALIGNMENT_BYTES - over);
        }
    }

    private long position() {
        return bufferPosition + buffer.writerIndex();
    }

    private int room() {
        return BUFFER_BYTES - (int) (bufferPosition % JournalFolder.PAGE_BYTES) - buffer.writerIndex();
    }

    private void flush(boolean last) throws IOException {
        if (buffer.writerIndex() == 0) {
            return;
        }
        long end = position();
        int over = (int) (end % JournalFolder.PAGE_BYTES);
        if (last && over > 0) {
            buffer.writeZero(JournalFolder.PAGE_BYTES - over);
        }
        active.disk.write(bufferPosition, buffer);
        bufferPosition = end;
        buffer.clear();
    }

    private void sync() throws IOException {
        active.disk.sync();
        syncedBelow = endOffset;
    }

    private void prepareAhead() {
        if (!preparing) {
            preparing = true;
            long afterBytes = active.capacity;
            background.execute(() -> prepare(afterBytes));
        }
    }

    private void prepare(long afterBytes) {
        try {
            folder.prepare(afterBytes);
        } catch (IOException | io.relais.log.LogException e) {
            LOG.warn("log {}: no file made ahead, it is tried again when one is needed: {}", id, e.getMessage());
        }
    }
}
