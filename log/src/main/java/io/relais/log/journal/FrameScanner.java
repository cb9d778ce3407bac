// SPDX-License-Identifier: Apache-2.0
package io.relais.log.journal;

import java.io.IOException;
import java.util.zip.CRC32C;

import io.relais.log.disk.ReadWindow;
import io.relais.log.record.Crc;

/**
 * Finds the sound frames of one file, whatever else is in it: goes from sector to sector, and over a sound frame in one step.
 *
 * <p>Cost: one pass over the file, plus one over the claimed length of each frame that does not match its checksum. Memory: that of the window, whatever lengths are claimed.
 */
final class FrameScanner {
    private final ReadWindow window;
    private final long size;
    private final long generation;
    private final CRC32C crc = new CRC32C();

    private long position;
    private long nextPosition = FileHeader.SIZE_BYTES;
    private long firstOffset;
    private long durableBelow;
    private int count;
    private int length;

    /** @param window open on the file */
    FrameScanner(ReadWindow window, long size, long generation) {
        this.window = window;
        this.size = size;
        this.generation = generation;
    }

    /** Moves to the next sound frame; false where there is none. */
    boolean next() throws IOException {
        for (long at = nextPosition; at + Frame.HEADER_BYTES <= size; at += Frame.ALIGNMENT_BYTES) {
            if (isFrame(at)) {
                position = at;
                nextPosition = at + Frame.sizeBytes(length);
                return true;
            }
        }
        nextPosition = size;
        return false;
    }

    private boolean isFrame(long at) throws IOException {
        int index = window.at(at, Frame.HEADER_BYTES);
        if (index < 0 || !Frame.isHeader(window.buffer(), index, generation)) {
            return false;
        }
        firstOffset = Frame.firstOffset(window.buffer(), index);
        durableBelow = Frame.durableBelow(window.buffer(), index);
        count = Frame.count(window.buffer(), index);
        length = Frame.length(window.buffer(), index);
        int expected = Frame.crc(window.buffer(), index);
        boolean possible = count >= 0 && length >= 0 && (count == 0) == (length == 0) && firstOffset >= 0
                && length <= size - at - Frame.HEADER_BYTES;
        return possible && checksum(at) == expected;
    }

    private int checksum(long at) throws IOException {
        long end = at + Frame.HEADER_BYTES + length;
        crc.reset();
        for (long from = at + Frame.GENERATION_AT; from < end;) {
            int part = (int) Math.min(end - from, ReadWindow.CAPACITY_BYTES / 2);
            int index = window.at(from, part);
            if (index < 0) {
                return 0;
            }
            Crc.update(crc, window.buffer(), index, part);
            from += part;
        }
        return (int) crc.getValue();
    }

    long position() {
        return position;
    }

    long firstOffset() {
        return firstOffset;
    }

    long durableBelow() {
        return durableBelow;
    }

    int count() {
        return count;
    }

    int length() {
        return length;
    }
}
