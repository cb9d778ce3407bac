// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.wire;

import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into frames: length i32, then so many bytes. A frame that came in one read is a slice of it; others are copied together as they come, so that a lying length costs little memory.
 *
 * <p>Thread: the owner. Bounds: one frame, at most {@code maxBytes}.
 */
final class FrameDecoder {
    /** The longest frame of anything but records. */
    static final int OTHER_MAX_BYTES = 16 << 20;

    /** What a frame that came in pieces gets at first, and what as soon as so much of it has come. */
    private static final int FIRST_BYTES = 64 << 10;
    private static final int GROWN_BYTES = 1 << 20;

    private static final short PRODUCE = 0;

    private final ByteBufAllocator allocator;
    private int maxBytes;
    private final ByteBuf length;
    private @Nullable ByteBuf partial;
    private int wanted = -1;

    FrameDecoder(ByteBufAllocator allocator, int maxBytes) {
        this.allocator = allocator;
        this.maxBytes = maxBytes;
        this.length = allocator.heapBuffer(Integer.BYTES, Integer.BYTES);
    }

    /** Holds from the next frame on. */
    void maxBytes(int changed) {
        maxBytes = changed;
    }

    /** A length that cannot be: the connection has to be closed. */
    static final class BadLength extends RuntimeException {
        BadLength(String message) {
            super(message);
        }
    }

    /**
     * Takes what was read and hands on the frames that are complete.
     *
     * @param in    stays the caller's
     * @param frame gets a reference of its own
     */
    void decode(ByteBuf in, Consumer<ByteBuf> frame) {
        while (in.isReadable()) {
            if (wanted < 0 && !readLength(in)) {
                return;
            }
            ByteBuf collected = partial;
            if (collected == null && in.readableBytes() >= wanted) {
                int size = wanted;
                wanted = -1;
                frame.accept(in.readRetainedSlice(size));
            } else {
                if (collected == null) {
                    collected = allocator.directBuffer(Math.min(wanted, FIRST_BYTES), wanted);
                    partial = collected;
                }
                collect(in, collected);
                if (collected.readableBytes() == wanted) {
                    partial = null;
                    wanted = -1;
                    frame.accept(collected);
                }
            }
        }
    }

    private void collect(ByteBuf in, ByteBuf collected) {
        int bytes = Math.min(in.readableBytes(), wanted - collected.readableBytes());
        if (bytes > collected.writableBytes()) {
            int grown = Math.max(GROWN_BYTES, 2 * (collected.readableBytes() + bytes));
            collected.capacity(Math.min(wanted, grown));
        }
        collected.writeBytes(in, bytes);
        if (wanted > OTHER_MAX_BYTES && collected.readableBytes() >= Short.BYTES
                && collected.getShort(0) != PRODUCE) {
            throw new BadLength("a request of " + wanted + " bytes without records; at most " + OTHER_MAX_BYTES
                    + " are taken");
        }
    }

    private boolean readLength(ByteBuf in) {
        length.writeBytes(in, Math.min(in.readableBytes(), length.writableBytes()));
        if (length.isWritable()) {
            return false;
        }
        int size = length.readInt();
        length.clear();
        if (size < 0 || size > maxBytes) {
            throw new BadLength("a request of " + size + " bytes; at most " + maxBytes + " are taken");
        }
        wanted = size;
        return true;
    }

    void close() {
        length.release();
        ByteBuf rest = partial;
        if (rest != null) {
            partial = null;
            rest.release();
        }
    }
}
