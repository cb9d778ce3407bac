// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** The records of a batch as bytes that are read once, in order: in place, or decompressed as they come. Reused for batch after batch. */
abstract sealed class RecordSource {

    /** The records are not what their header says. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /** Bytes that were read or skipped. */
    abstract long position();

    /** The next byte. @throws Malformed at the end */
    abstract byte next();

    /** Passes over bytes. @throws Malformed where there are fewer */
    abstract void skip(int bytes);

    abstract boolean isAtEnd();

    /** Zig-zag, base 128, at most 5 bytes. */
    final int varint() {
        byte first = next();
        if (first >= 0) {
            return (first >>> 1) ^ -(first & 1);
        }
        int value = first & 0x7f;
        for (int shift = 7; shift < 35; shift += 7) {
            byte group = next();
            value |= (group & 0x7f) << shift;
            if (group >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new Malformed("a variable-length number has more than 5 bytes");
    }

    /** Zig-zag, base 128, at most 10 bytes. */
    final long varlong() {
        long first = next();
        if (first >= 0) {
            return (first >>> 1) ^ -(first & 1);
        }
        long value = first & 0x7f;
        for (int shift = 7; shift < 70; shift += 7) {
            byte group = next();
            value |= (group & 0x7fL) << shift;
            if (group >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new Malformed("a variable-length number has more than 10 bytes");
    }

    /** Records that are not compressed. */
    static final class InPlace extends RecordSource {
        private ByteBuffer in = ByteBuffer.allocate(0);
        private int start;
        private int at;
        private int end;

        InPlace over(ByteBuffer batch, int from, int to) {
            in = batch;
            start = from;
            at = from;
            end = to;
            return this;
        }

        @Override
        long position() {
            return (long) at - start;
        }

        @Override
        byte next() {
            if (at >= end) {
                throw new Malformed("the records end too early");
            }
            return in.get(at++);
        }

        @Override
        void skip(int bytes) {
            if (bytes < 0 || bytes > end - at) {
                throw new Malformed("a field of " + bytes + " bytes where " + (end - at) + " are left");
            }
            at += bytes;
        }

        @Override
        boolean isAtEnd() {
            return at == end;
        }
    }

    /** Records that come out of a decompressor. Bounds: {@code maxBytes} of them, so that a small batch cannot keep the broker busy. */
    static final class Decompressed extends RecordSource {
        private static final int BUFFER_BYTES = 16 << 10;

        private final byte[] buffer = new byte[BUFFER_BYTES];
        private InputStream in = InputStream.nullInputStream();
        private long maxBytes;
        private long before;
        private int at;
        private int end;

        /** There is more in it than is taken. */
        static final class TooMuch extends RuntimeException {
            private static final long serialVersionUID = 1L;

            TooMuch(String message) {
                super(message);
            }
        }

        Decompressed over(InputStream stream, long maximumBytes) {
            in = stream;
            maxBytes = maximumBytes;
            before = 0;
            at = 0;
            end = 0;
            return this;
        }

        @Override
        long position() {
            return before + at;
        }

        @Override
        byte next() {
            if (at == end && !fill()) {
                throw new Malformed("the records end too early");
            }
            return buffer[at++];
        }

        private boolean fill() {
            before += end;
            at = 0;
            end = 0;
            if (before > maxBytes) {
                throw new TooMuch("a batch has more than " + maxBytes + " bytes once it is decompressed");
            }
            try {
                end = Math.max(0, in.readNBytes(buffer, 0, BUFFER_BYTES));
                return end > 0;
            } catch (IOException | RuntimeException e) { // each decompressor has its own way to say that its input is broken
                throw new Malformed("the records cannot be decompressed: " + e.getMessage());
            }
        }

        @Override
        void skip(int bytes) {
            if (bytes < 0) {
                throw new Malformed("a field of " + bytes + " bytes");
            }
            int left = bytes;
            while (left > end - at) {
                left -= end - at;
                at = end;
                if (!fill()) {
                    throw new Malformed("the records end too early");
                }
            }
            at += left;
        }

        @Override
        boolean isAtEnd() {
            return at == end && !fill();
        }
    }

}
