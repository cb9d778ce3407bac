// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.disk.Disk;
import io.relais.log.disk.SmallFile;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a log's segments without reading them; replaced as a whole when the log is opened and when a segment is sealed ({@link SmallFile}; big-endian).
 *
 * <pre>
 *  version   i16   2; 1: without generations
 *  epoch     i64   of the writer that opened the log last
 *  point     i64 × 3: {@link Point}
 *  count     i32
 *  sealed    count × (base i64, generation i32, end i64, bytes i64, maxTimestamp i64, offset index entries i32, time index entries i32)
 * </pre>
 *
 * @param point  everything before it was durable when this was written
 * @param sealed segments that were synced with their indexes and are not written any more, oldest first; those that were trimmed since have no files
 */
record Manifest(long epoch, Point point, List<Sealed> sealed) {
    static final String NAME = "MANIFEST";

    private static final int VERSION = 2;
    private static final int VERSION_WITHOUT_GENERATIONS = 1;
    private static final int SEALED_BYTES = 44;

    /** What is known of a segment; {@code generation} is how often it was rewritten. */
    record Sealed(long base, int generation, long end, long bytes, long maxTimestamp, int offsetEntries,
            int timeEntries) {}

    /**
     * A place in a log.
     *
     * @param base     of the segment
     * @param position in the segment
     * @param offset   of the batch that begins there
     */
    record Point(long base, long position, long offset) {
        static final int SIZE_BYTES = 24;

        void write(ByteBuf out) {
            out.writeLong(base).writeLong(position).writeLong(offset);
        }

        static Point read(ByteBuf in) {
            return new Point(in.readLong(), in.readLong(), in.readLong());
        }
    }

    static @Nullable Manifest read(Disk disk, Path folder) throws IOException {
        Path path = folder.resolve(NAME);
        ByteBuf in = SmallFile.read(disk, path);
        if (in == null) {
            return null;
        }
        int version = in.readShort();
        if (version != VERSION && version != VERSION_WITHOUT_GENERATIONS) {
            throw new IOException(path + " has version " + version + "; this program knows " + VERSION);
        }
        long epoch = in.readLong();
        Point point = Point.read(in);
        int count = in.readInt();
        var sealed = new ArrayList<Sealed>();
        int sealedBytes = version == VERSION ? SEALED_BYTES : SEALED_BYTES - Integer.BYTES;
        for (int i = 0; i < count && in.readableBytes() >= sealedBytes; i++) {
            sealed.add(new Sealed(in.readLong(), version == VERSION ? in.readInt() : 0, in.readLong(), in.readLong(),
                    in.readLong(), in.readInt(), in.readInt()));
        }
        return new Manifest(epoch, point, List.copyOf(sealed));
    }

    void write(Disk disk, Path folder) throws IOException {
        ByteBuf out = Unpooled.buffer(64 + sealed.size() * SEALED_BYTES);
        out.writeShort(VERSION).writeLong(epoch);
        point.write(out);
        out.writeInt(sealed.size());
        for (Sealed segment : sealed) {
            out.writeLong(segment.base()).writeInt(segment.generation()).writeLong(segment.end())
                    .writeLong(segment.bytes());
            out.writeLong(segment.maxTimestamp()).writeInt(segment.offsetEntries()).writeInt(segment.timeEntries());
        }
        SmallFile.write(disk, folder.resolve(NAME), out);
    }
}
