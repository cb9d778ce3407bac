// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Collects a body that comes in several frames. It takes memory for what has arrived, at most twice that and {@link #LEAST_CHUNK_BYTES}, whatever size was announced.
 *
 * <p>Thread: the owner.
 */
final class BodyBuffer {
    static final int LEAST_CHUNK_BYTES = 16 << 10;
    static final int LARGEST_CHUNK_BYTES = 4 << 20;

    private @Nullable CompositeByteBuf chunks;
    private @Nullable ByteBuf last;

    /** Appends bytes of a buffer; its indexes are not moved. */
    void append(ByteBuf in, int index, int length, long missingBytes) {
        int from = index;
        int left = length;
        while (left > 0) {
            ByteBuf chunk = room(missingBytes - (length - left));
            int part = Math.min(left, chunk.writableBytes());
            chunk.writeBytes(in, from, part);
            from += part;
            left -= part;
        }
    }

    private ByteBuf room(long missingBytes) {
        if (last != null && last.isWritable()) {
            return last;
        }
        seal();
        int received = chunks == null ? 0 : chunks.readableBytes();
        long size = Math.clamp(received, LEAST_CHUNK_BYTES, LARGEST_CHUNK_BYTES);
        int capacity = (int) Math.min(size, missingBytes);
        ByteBuf chunk = Unpooled.directBuffer(capacity, capacity);
        last = chunk;
        return chunk;
    }

    private void seal() {
        if (last != null) {
            if (chunks == null) {
                chunks = Unpooled.compositeBuffer(Integer.MAX_VALUE);
            }
            chunks.addComponent(true, last);
            last = null;
        }
    }

    /** The whole body; the caller does not release it. Valid until {@link #clear}. */
    ByteBuf whole() {
        if (chunks == null && last != null) {
            return last;
        }
        seal();
        return chunks == null ? Unpooled.EMPTY_BUFFER : chunks;
    }

    void clear() {
        if (last != null) {
            last.release();
            last = null;
        }
        if (chunks != null) {
            chunks.release();
            chunks = null;
        }
    }
}
