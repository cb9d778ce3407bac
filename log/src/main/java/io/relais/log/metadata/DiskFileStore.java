// SPDX-License-Identifier: Apache-2.0
package io.relais.log.metadata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipOutputStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.disk.Disk;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.RandomAccessStore;
import org.h2.mvstore.SFChunk;

/** Lets MVStore keep its file on our {@link Disk}, atomically from one sync to the next ({@link AtomicFile}). Thread: guarded by MVStore. */
final class DiskFileStore extends RandomAccessStore {
    private final Disk disk;
    private final Path path;
    private final AtomicFile file;

    DiskFileStore(Disk disk, Path path, Map<String, Object> config) throws IOException {
        super(config);
        this.disk = disk;
        this.path = path;
        file = new AtomicFile(disk, path);
        setSize(file.size());
    }

    @Override
    public void open(String fileName, boolean readOnly, char[] encryptionKey) {
        throw new UnsupportedOperationException("it is open");
    }

    @Override
    public DiskFileStore open(String fileName, boolean readOnly) {
        throw new UnsupportedOperationException("backups are made from the outside");
    }

    @Override
    public ByteBuffer readFully(SFChunk chunk, long position, int length) {
        ByteBuf bytes = Unpooled.buffer(length, length);
        try {
            if (position + length > file.size()) {
                throw failure("the file ends before position " + (position + length), null);
            }
            file.read(position, bytes, length);
        } catch (IOException e) {
            throw failure("cannot be read", e);
        }
        readCount.incrementAndGet();
        readBytes.addAndGet(length);
        return ByteBuffer.wrap(bytes.array(), 0, length);
    }

    @Override
    protected void writeFully(SFChunk chunk, long position, ByteBuffer bytes) {
        int length = bytes.remaining();
        file.write(position, Unpooled.wrappedBuffer(bytes));
        bytes.position(bytes.limit());
        writeCount.incrementAndGet();
        writeBytes.addAndGet(length);
        setSize(Math.max(size(), position + length));
    }

    @Override
    protected void truncate(long size) {
        file.truncate(size);
        setSize(size);
    }

    @Override
    public void sync() {
        try {
            file.sync();
        } catch (IOException e) {
            throw failure("cannot be synced", e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            super.close();
        }
    }

    @Override
    public int getDefaultRetentionTime() {
        return 0;
    }

    @Override
    public void backup(ZipOutputStream out) {
        throw new UnsupportedOperationException("backups are made from the outside");
    }

    private MVStoreException failure(String what, @org.jspecify.annotations.Nullable Exception cause) {
        return DataUtils.newMVStoreException(DataUtils.ERROR_WRITING_FAILED, "{0} {1}: {2}", path + " on " + disk, what,
                cause == null ? "" : cause.getMessage(), cause);
    }
}
