// SPDX-License-Identifier: Apache-2.0
package io.relais.log.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.disk.Disk;
import io.relais.log.disk.DiskFile;
import io.relais.log.disk.FolderLock;
import io.relais.log.disk.RealDisk;

/**
 * The folder of one broker: locked against a second process, and of a format this program knows.
 *
 * <pre>
 *  LOCK     holds the operating system's lock, and the process id of the holder as text
 *  VERSION  format version as text: {@link #FORMAT_VERSION} and a line feed
 * </pre>
 */
public final class DataFolder implements AutoCloseable {
    /** Version of everything below the folder. A program reads its own and older ones. */
    public static final int FORMAT_VERSION = 1;

    static final String LOCK = "LOCK";
    static final Path VERSION = Path.of("VERSION");
    /** What may be there in a folder that was never opened to the end, or that is the root of a file system. */
    private static final Set<String> OURS_BEFORE_VERSION = Set.of(LOCK, VERSION + ".tmp", "lost+found");
    private static final int VERSION_BYTES_MAX = 64;

    private final Path path;
    private final FolderLock lock;

    private DataFolder(Path path, FolderLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Locks a folder and checks its version; creates both where the folder is absent or empty.
     *
     * @throws DataFolderException where another process uses it, it has a newer format, holds something else, or the disk fails
     */
    public static DataFolder open(Path folder) throws DataFolderException {
        Path path = folder.toAbsolutePath().normalize();
        refuseForeign(path);
        FolderLock lock = lock(path);
        try {
            checkVersion(new RealDisk(path), path);
        } catch (IOException e) {
            unlock(lock, e);
            throw new DataFolderException("data folder " + path + " cannot be used: " + e.getMessage(), e);
        } catch (DataFolderException e) {
            unlock(lock, e);
            throw e;
        }
        return new DataFolder(path, lock);
    }

    /** Leaves no trace in a folder that is not ours. */
    private static void refuseForeign(Path path) throws DataFolderException {
        Disk disk = new RealDisk(path);
        try {
            List<String> names = disk.list(Path.of(""));
            List<String> others = names.stream().filter(name -> !OURS_BEFORE_VERSION.contains(name)).toList();
            if (!others.isEmpty() && !names.contains(VERSION.toString())) {
                throw new DataFolderException(
                        "folder " + path + " is not empty and not a broker's (it has no file " + VERSION + " but "
                                + others.getFirst() + "); choose an empty or a new one");
            }
        } catch (IOException e) {
            throw new DataFolderException("data folder " + path + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static FolderLock lock(Path path) throws DataFolderException {
        try {
            return FolderLock.acquire(path, LOCK);
        } catch (FolderLock.Held e) {
            String holder = e.processId().isEmpty()
                    ? "another process"
                    : "process " + e.processId().getAsLong() + command(e.processId().getAsLong());
            throw new DataFolderException("data folder " + path + " is in use by " + holder
                    + "; stop it, or choose another folder", e);
        } catch (IOException e) {
            throw new DataFolderException("data folder " + path + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static String command(long processId) {
        Optional<String> command = ProcessHandle.of(processId).flatMap(process -> process.info().command());
        return command.map(name -> " (" + name + ")").orElse("");
    }

    private static void checkVersion(Disk disk, Path path) throws IOException, DataFolderException {
        if (disk.exists(VERSION)) {
            String text = read(disk);
            if (!text.matches("\\d{1,9}")) {
                throw new DataFolderException("data folder " + path + ": file " + VERSION
                        + " holds no version; if the folder is a broker's, write "
                        + FORMAT_VERSION + " into it, else choose another folder");
            }
            if (Integer.parseInt(text) > FORMAT_VERSION) {
                throw new DataFolderException("data folder " + path + " has format version " + text
                        + ", written by a newer program; this one knows up to "
                        + FORMAT_VERSION + ": use the newer program");
            }
            return;
        }
        write(disk);
    }

    private static String read(Disk disk) throws IOException {
        try (DiskFile file = disk.open(VERSION)) {
            ByteBuf text = Unpooled.buffer(VERSION_BYTES_MAX);
            file.read(0, text, VERSION_BYTES_MAX);
            return text.toString(StandardCharsets.US_ASCII).trim();
        }
    }

    private static void write(Disk disk) throws IOException {
        Path fresh = Path.of(VERSION + ".tmp");
        try (DiskFile file = disk.open(fresh)) {
            file.truncate(0);
            file.write(0, Unpooled.copiedBuffer(FORMAT_VERSION + "\n", StandardCharsets.US_ASCII));
            file.sync();
        }
        disk.rename(fresh, VERSION);
        disk.syncFolder(Path.of(""));
    }

    private static void unlock(FolderLock lock, Exception cause) {
        try {
            lock.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Absolute. */
    public Path path() {
        return path;
    }

    /** The files below it. */
    public Disk disk() {
        return new RealDisk(path);
    }

    /** Lets others use the folder: the last thing a process does with it. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            // the system takes the lock back when the process ends
        }
    }
}
