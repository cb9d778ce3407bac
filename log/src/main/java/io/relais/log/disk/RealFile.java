// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** One file of {@link RealDisk}. */
final class RealFile implements DiskFile {
    /** Zeros written at a time when reserving space; all but the last are synced at once, so that the syncs of others do not wait long behind them. */
    private static final int PREALLOCATE_BYTES = 4 << 20;

    /** Where Linux sends bytes without copying them, so that they are only read ahead; null elsewhere. */
    private static final @Nullable FileChannel NOWHERE = nowhere();

    private final Path path;
    private final FileChannel channel;

    RealFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    private static @Nullable FileChannel nowhere() {
        try {
            return System.getProperty("os.name", "").equals("Linux")
                    ? FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE)
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public long size() throws IOException {
        try {
            return channel.size();
        } catch (IOException e) {
            throw DiskErrors.at(path, e);
        }
    }

    @Override
    public void write(long position, ByteBuf bytes) throws IOException {
        int index = bytes.readerIndex();
        int end = bytes.writerIndex();
        try {
            while (index < end) {
                index += bytes.getBytes(index, channel, position + index - bytes.readerIndex(), end - index);
            }
        } catch (IOException e) {
            throw DiskErrors.at(path, e);
        }
    }

    @Override
    public int read(long position, ByteBuf into, int length) throws IOException {
        int done = 0;
        try {
            while (done < length) {
                int n = into.writeBytes(channel, position + done, length - done);
                if (n < 0) {
                    break;
                }
                done += n;
            }
        } catch (IOException e) {
            throw DiskErrors.at(path, e);
        }
        return done;
    }

    @Override
    public long transferTo(long position, long length, WritableByteChannel target) throws IOException {
        return channel.transferTo(position, length, target);
    }

    @Override
    public FileChannel channel() {
        return channel;
    }

    @Override
    public boolean load(long position, long length) throws IOException {
        FileChannel nothing = NOWHERE;
        if (nothing == null) {
            return false;
        }
        try {
            long done = 0;
            long n;
            do {
                n = channel.transferTo(position + done, length - done, nothing);
                done += n;
            } while (n > 0 && done < length);
            return true;
        } catch (IOException e) {
            throw DiskErrors.at(path, e);
        }
    }

    @Override
    public void preallocate(long size) throws IOException {
        try {
            long at = channel.size();
            if (at >= size) {
                return;
            }
            ByteBuf zeros = Unpooled.directBuffer(PREALLOCATE_BYTES).writeZero(PREALLOCATE_BYTES);
            try {
                while (at < size) {
                    zeros.writerIndex((int) Math.min(PREALLOCATE_BYTES, size - at));
                    write(at, zeros);
                    at += zeros.writerIndex();
                    if (at < size) {
                        channel.force(false);
                    }
                }
            } finally {
                zeros.release();
            }
        } catch (IOException e) {
            throw DiskErrors.at(path, e);
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        try {
            channel.truncate(size);
        } catch (IOException e) {
            throw DiskErrors.at(path, e);
        }
    }

    @Override
    public void sync() throws IOException {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw DiskErrors.at(path, e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
