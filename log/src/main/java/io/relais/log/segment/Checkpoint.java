// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.disk.FilePool;
import io.relais.log.record.Crc;
import org.jspecify.annotations.Nullable;

/**
 * How far a log was durable when it was written last: overwritten in place after each sync, itself not synced. A process that is killed leaves it exact; a power cut leaves an older one, or none.
 * It tells damaged batches, which lie before it, from a torn tail.
 *
 * <pre>
 *  at  field  type
 *   0  point  i64 × 3   {@link Manifest.Point}
 *  24  crc    u32       CRC-32C of the point
 * </pre>
 */
final class Checkpoint {
    static final String NAME = "CHECKPOINT";

    private static final int SIZE_BYTES = Manifest.Point.SIZE_BYTES + 4;

    private Checkpoint() {}

    static void write(FilePool files, Path folder, Manifest.Point point) throws IOException {
        ByteBuf out = Unpooled.buffer(SIZE_BYTES);
        point.write(out);
        out.writeInt(Crc.of(out, 0, Manifest.Point.SIZE_BYTES));
        files.with(folder.resolve(NAME), file -> {
            file.write(0, out);
            return true;
        });
    }

    static Manifest.@Nullable Point read(FilePool files, Path folder) throws IOException {
        if (!files.disk().exists(folder.resolve(NAME))) {
            return null;
        }
        ByteBuf in = Unpooled.buffer(SIZE_BYTES);
        files.with(folder.resolve(NAME), file -> file.read(0, in, SIZE_BYTES));
        if (in.readableBytes() < SIZE_BYTES
                || in.getInt(Manifest.Point.SIZE_BYTES) != Crc.of(in, 0, Manifest.Point.SIZE_BYTES)) {
            return null;
        }
        return Manifest.Point.read(in);
    }
}
