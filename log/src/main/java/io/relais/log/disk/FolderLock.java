// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a second process out of a folder: the lock of the operating system on a file in it, which goes with the process whatever becomes of it. The file tells the process id of the holder.
 */
public final class FolderLock implements AutoCloseable {
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Somebody holds the lock. */
    public static final class Held extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient OptionalLong processId;

        Held(Path file, OptionalLong processId) {
            super(file + " is locked");
            this.processId = processId;
        }

        /** Who holds it, where the file tells. */
        public OptionalLong processId() {
            return processId;
        }
    }

    /**
     * Locks, creating folder and file where they are absent.
     *
     * @throws Held where another process, or another part of this one, has the lock
     */
    public static FolderLock acquire(Path folder, String fileName) throws IOException {
        Path file = folder.resolve(fileName);
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(file, READ, WRITE, CREATE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                OptionalLong holder = read(channel);
                channel.close();
                throw new Held(file, holder);
            }
            channel.truncate(0);
            channel.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
            return new FolderLock(channel);
        } catch (Held e) {
            throw e;
        } catch (IOException e) {
            throw DiskErrors.at(file, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) { // held by this process
            return null;
        }
    }

    private static OptionalLong read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        String digits = StandardCharsets.US_ASCII.decode(text.flip()).toString().trim();
        return digits.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
