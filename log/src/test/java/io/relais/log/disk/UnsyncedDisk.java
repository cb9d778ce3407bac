// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;

import io.netty.buffer.ByteBuf;

/** The deliberately broken disk: its sync does nothing. A checker that does not catch it checks nothing. */
public final class UnsyncedDisk implements Disk {
    private final Disk disk;

    public UnsyncedDisk(Disk disk) {
        this.disk = disk;
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        DiskFile file = disk.open(path);
        return new DiskFile() {
            @Override
            public long size() throws IOException {
                return file.size();
            }

            @Override
            public void write(long position, ByteBuf bytes) throws IOException {
                file.write(position, bytes);
            }

            @Override
            public int read(long position, ByteBuf into, int length) throws IOException {
                return file.read(position, into, length);
            }

            @Override
            public long transferTo(long position, long length, WritableByteChannel target) throws IOException {
                return file.transferTo(position, length, target);
            }

            @Override
            public void preallocate(long size) throws IOException {
                file.preallocate(size);
                file.sync();
            }

            @Override
            public void truncate(long size) throws IOException {
                file.truncate(size);
            }

            @Override
            public void sync() {
                // nothing
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    @Override
    public boolean exists(Path file) throws IOException {
        return disk.exists(file);
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        return disk.list(folder);
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        disk.createFolders(folder);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        disk.syncFolder(folder);
    }

    @Override
    public long usableBytes() throws IOException {
        return disk.usableBytes();
    }
}
