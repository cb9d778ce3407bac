// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.disk.Disk;
import io.relais.log.disk.DiskFile;
import io.relais.log.disk.FilePool;
import io.relais.log.record.Crc;
import org.jspecify.annotations.Nullable;

/**
 * How far a log was durable when it was written last: overwritten in place, itself not synced. A process that is killed leaves it exact; a power cut leaves an older one, or none.
 * It tells damaged batches, which lie before it, from a torn tail, and saves the opening of a log that was closed well from looking into its files.
 *
 * <pre>
 *  at  field           type
 *   0  point           i64 × 3   {@link Manifest.Point}
 *  24  epoch           i64       of the writer
 *  32  maxTimestamp    i64       of the segment
 *  40  offset entries  i32       of its offset index that lie before the point
 *  44  time entries    i32
 *  48  crc             u32       CRC-32C of all before
 * </pre>
 */
record Checkpoint(Manifest.Point point, long epoch, long maxTimestamp, int offsetEntries, int timeEntries) {
    static final String NAME = "CHECKPOINT";

    private static final int CRC_AT = Manifest.Point.SIZE_BYTES + 24;
    private static final int SIZE_BYTES = CRC_AT + 4;

    void write(FilePool files, Path folder) throws IOException {
        ByteBuf out = Unpooled.buffer(SIZE_BYTES);
        point.write(out);
        out.writeLong(epoch).writeLong(maxTimestamp).writeInt(offsetEntries).writeInt(timeEntries);
        out.writeInt(Crc.of(out, 0, CRC_AT));
        files.with(folder.resolve(NAME), file -> {
            file.write(0, out);
            return true;
        });
    }

    /** Null where there is none, or one that was torn. */
    static @Nullable Checkpoint read(Disk disk, Path folder) throws IOException {
        Path path = folder.resolve(NAME);
        if (disk.size(path) < SIZE_BYTES) {
            return null;
        }
        ByteBuf in = Unpooled.buffer(SIZE_BYTES);
        try (DiskFile file = disk.open(path)) {
            file.read(0, in, SIZE_BYTES);
        }
        if (in.readableBytes() < SIZE_BYTES || in.getInt(CRC_AT) != Crc.of(in, 0, CRC_AT)) {
            return null;
        }
        return new Checkpoint(Manifest.Point.read(in), in.readLong(), in.readLong(), in.readInt(), in.readInt());
    }
}
