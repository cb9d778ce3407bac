// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.record.Crc;
import org.jspecify.annotations.Nullable;

/**
 * A file of a few bytes that is replaced as a whole: the old content or the new one, never a mixture.
 *
 * <pre>
 *  at  field     type
 *   0  magic     u32   "RSML"
 *   4  crc       u32   CRC-32C of the content
 *   8  length    i32   bytes of the content
 *  12  content
 * </pre>
 */
public final class SmallFile {
    /** Longest content that is read. */
    public static final int MAX_BYTES = 16 << 20;

    private static final int MAGIC = 0x52534d4c;
    private static final int HEADER_BYTES = 12;

    private SmallFile() {}

    /** The content does not match its checksum. */
    public static final class Corrupt extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;

        Corrupt(String text) {
            super(text);
        }
    }

    /**
     * Reads the content into a heap buffer.
     *
     * @return null where there is no such file
     * @throws Corrupt where its bytes are not what was written
     */
    public static @Nullable ByteBuf read(Disk disk, Path file) throws IOException {
        if (!disk.exists(file)) {
            return null;
        }
        try (DiskFile open = disk.open(file)) {
            long size = open.size();
            if (size < HEADER_BYTES || size > MAX_BYTES) {
                throw new Corrupt(file + " has " + size + " bytes, which cannot be");
            }
            ByteBuf all = Unpooled.buffer((int) size);
            open.read(0, all, (int) size);
            boolean sound = all.readableBytes() == size && all.readInt() == MAGIC
                    && all.getInt(8) == size - HEADER_BYTES
                    && all.readInt() == Crc.of(all, HEADER_BYTES, (int) size - HEADER_BYTES);
            if (!sound) {
                throw new Corrupt(file + " does not match its checksum");
            }
            return all.readerIndex(HEADER_BYTES);
        }
    }

    /** Replaces the content, durably; the readable bytes of {@code content} are not consumed. */
    public static void write(Disk disk, Path file, ByteBuf content) throws IOException {
        int length = content.readableBytes();
        ByteBuf all = Unpooled.buffer(HEADER_BYTES + length);
        all.writeInt(MAGIC).writeInt(Crc.of(content, content.readerIndex(), length)).writeInt(length);
        all.writeBytes(content, content.readerIndex(), length);
        Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
        try (DiskFile open = disk.open(fresh)) {
            open.truncate(0);
            open.write(0, all);
            open.sync();
        }
        disk.rename(fresh, file);
        Path folder = file.getParent();
        disk.syncFolder(folder == null ? Path.of("") : folder);
    }
}
