// SPDX-License-Identifier: Apache-2.0
package io.relais.log.journal;

import java.io.IOException;
import java.nio.file.Path;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.disk.Disk;
import io.relais.log.disk.SmallFile;
import org.jspecify.annotations.Nullable;

/**
 * What a journal keeps beside its files, replaced each time it is opened ({@link SmallFile}; big-endian).
 *
 * <pre>
 *  at  field      type
 *   0  version    i16   1
 *   2  epoch      i64   of the writer that opened it last
 *  10  salt       i64   see {@link FileHeader}
 *  18  end        i64   everything below was durable at the opening
 *  26  firstFile  i64   number of the first file begun after the opening; its first offset is end
 * </pre>
 */
record JournalState(long epoch, long salt, long end, long firstFile) {
    static final String NAME = "STATE";

    private static final int VERSION = 1;
    private static final int SIZE_BYTES = 34;

    static @Nullable JournalState read(Disk disk, Path folder) throws IOException {
        ByteBuf in = SmallFile.read(disk, folder.resolve(NAME));
        if (in == null) {
            return null;
        }
        int version = in.readableBytes() < SIZE_BYTES ? 0 : in.readShort();
        if (version != VERSION) {
            throw new IOException(folder.resolve(NAME) + " has version " + version + "; this program knows " + VERSION);
        }
        return new JournalState(in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }

    void write(Disk disk, Path folder) throws IOException {
        ByteBuf out = Unpooled.buffer(SIZE_BYTES).writeShort(VERSION);
        SmallFile.write(disk, folder.resolve(NAME),
                out.writeLong(epoch).writeLong(salt).writeLong(end).writeLong(firstFile));
    }
}
