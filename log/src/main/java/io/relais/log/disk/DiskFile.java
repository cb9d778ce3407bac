// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One open file. Thread: one writer; reads from any thread. Failures keep the path in their text. */
public interface DiskFile extends AutoCloseable {

    long size() throws IOException;

    /** Writes all bytes from reader to writer index at {@code position}; indexes do not move. */
    void write(long position, ByteBuf bytes) throws IOException;

    /**
     * Reads up to {@code length} bytes at {@code position} and appends them to {@code into}.
     *
     * @return bytes read; fewer only at the end of the file
     */
    int read(long position, ByteBuf into, int length) throws IOException;

    /**
     * Sends bytes to a channel without copying them through the process where the system can.
     *
     * @return bytes sent, possibly fewer
     */
    long transferTo(long position, long length, WritableByteChannel target) throws IOException;

    /** The file as the system knows it, so that it can be sent to a socket by itself; null where the system knows none. */
    default @Nullable FileChannel channel() {
        return null;
    }

    /** Brings bytes into the page cache, so that {@link #channel()} can be read without waiting for the disk; false where the system does not do that. */
    default boolean load(long position, long length) throws IOException {
        return false;
    }

    /** Reserves space up to {@code size} by writing zeros, so that later writes below it need no new space. */
    void preallocate(long size) throws IOException;

    void truncate(long size) throws IOException;

    /** Makes written bytes and the size durable. After a failure the file's state is unknown: it must not be retried as if nothing happened. */
    void sync() throws IOException;

    @Override
    void close() throws IOException;
}
