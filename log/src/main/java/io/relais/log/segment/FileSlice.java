// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.channels.FileChannel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultFileRegion;
import io.relais.log.BatchSlice;
import io.relais.log.LogException;
import io.relais.log.disk.FilePool;

/** Batches in a file that is neither closed nor deleted until the slice, or the region made of it, is released. Thread: one at a time. */
final class FileSlice implements BatchSlice {
    private final Segment segment;
    private final FilePool.Pin pin;
    private final FileChannel channel;
    private final ByteBufAllocator allocator;
    private final RecentBatches.Range range;

    /** Takes over a use of the segment and a pin of its file. */
    FileSlice(Segment segment, FilePool.Pin pin, FileChannel channel, ByteBufAllocator allocator,
            RecentBatches.Range range) {
        this.segment = segment;
        this.pin = pin;
        this.channel = channel;
        this.allocator = allocator;
        this.range = range;
    }

    /** What Netty sends with {@code sendfile}; the pool keeps the file when Netty is done. */
    private static final class Region extends DefaultFileRegion {
        private final FileSlice slice;

        Region(FileSlice slice) {
            super(slice.channel, slice.range.position(), slice.range.sizeBytes());
            this.slice = slice;
        }

        @Override
        protected void deallocate() {
            slice.close();
        }
    }

    @Override
    public int sizeBytes() {
        return range.sizeBytes();
    }

    @Override
    public long endOffset() {
        return range.endOffset();
    }

    @Override
    public Object take() {
        return new Region(this);
    }

    @Override
    public ByteBuf copy() {
        ByteBuf bytes = allocator.directBuffer(range.sizeBytes());
        try {
            pin.file().read(range.position(), bytes, range.sizeBytes());
            return bytes;
        } catch (IOException e) {
            bytes.release();
            throw new LogException.Io("read " + segment, e);
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        pin.release();
        segment.uses.release();
    }
}
