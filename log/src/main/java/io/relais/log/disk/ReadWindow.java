// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import java.io.IOException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file from front to back in large pieces, and shows any part of what it has just read in place.
 *
 * <p>Thread: one. Memory: one direct buffer of {@link #CAPACITY_BYTES}, released by {@link #close()}.
 */
public final class ReadWindow implements AutoCloseable {
    public static final int CAPACITY_BYTES = 1 << 20;

    private final ByteBuf buffer;
    private @Nullable DiskFile file;
    private long base;

    public ReadWindow(ByteBufAllocator allocator) {
        buffer = allocator.directBuffer(CAPACITY_BYTES, CAPACITY_BYTES);
    }

    /** Turns to another file. */
    public void open(DiskFile next) {
        file = next;
        base = 0;
        buffer.clear();
    }

    /** The bytes; valid until the next call of {@link #at}. */
    public ByteBuf buffer() {
        return buffer;
    }

    /**
     * Brings a part of the file into the buffer.
     *
     * @param length at most {@link #CAPACITY_BYTES}
     * @return index in {@link #buffer()} of the byte at {@code position}, or -1 where the file ends before
     */
    public int at(long position, int length) throws IOException {
        if (position < base || position + length > base + buffer.writerIndex()) {
            refill(position, length);
            if (position + length > base + buffer.writerIndex()) {
                return -1;
            }
        }
        return (int) (position - base);
    }

    private void refill(long position, int length) throws IOException {
        if (file == null) {
            throw new IllegalStateException("no file is open");
        }
        if (length > CAPACITY_BYTES) {
            throw new IllegalArgumentException(length + " bytes do not fit into the window");
        }
        long end = base + buffer.writerIndex();
        if (position >= base && position < end) {
            buffer.readerIndex((int) (position - base)).discardReadBytes();
        } else {
            buffer.clear();
        }
        base = position;
        file.read(base + buffer.writerIndex(), buffer, buffer.writableBytes());
    }

    @Override
    public void close() {
        buffer.release();
    }
}
