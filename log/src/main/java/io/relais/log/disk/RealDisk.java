// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Files below a folder of the operating system.
 *
 * <p>Thread: any. A thread that uses it must not be interrupted: the system then closes the file under everyone's hands.
 */
public final class RealDisk implements Disk {
    private final Path root;
    private @Nullable WholeFileSystem whole;
    private boolean wholeIsKnown;

    /** @param root an existing folder */
    public RealDisk(Path root) {
        this.root = root;
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        Path path = root.resolve(file);
        try {
            return new RealFile(path, FileChannel.open(path, READ, WRITE, CREATE));
        } catch (IOException e) {
            throw DiskErrors.at(path, e);
        }
    }

    @Override
    public boolean exists(Path file) {
        return Files.exists(root.resolve(file));
    }

    @Override
    public long size(Path file) throws IOException {
        Path path = root.resolve(file);
        try {
            return Files.size(path);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return -1;
        } catch (IOException e) {
            throw DiskErrors.at(path, e);
        }
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        Path path = root.resolve(folder);
        try (var entries = Files.list(path)) {
            return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw DiskErrors.at(path, e);
        }
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        var missing = new ArrayDeque<Path>();
        for (Path path = root.resolve(folder); path != null && !Files.isDirectory(path); path = path.getParent()) {
            missing.push(path);
        }
        for (Path path : missing) {
            try {
                Files.createDirectories(path);
            } catch (IOException e) {
                throw DiskErrors.at(path, e);
            }
            Path parent = path.getParent();
            if (parent != null) {
                syncFolder(parent);
            }
        }
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        Path path = root.resolve(folder);
        try {
            Files.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path)) {
                throw DiskErrors.at(path, e);
            }
        } catch (IOException e) {
            throw DiskErrors.at(path, e);
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Path source = root.resolve(from);
        try {
            Files.move(source, root.resolve(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw DiskErrors.at(source, e);
        }
    }

    @Override
    public void delete(Path file) throws IOException {
        Path path = root.resolve(file);
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw DiskErrors.at(path, e);
        }
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        Path path = root.resolve(folder);
        try (var channel = FileChannel.open(path, READ)) {
            channel.force(true);
        } catch (AccessDeniedException e) {
            if (Files.isReadable(path) && !System.getProperty("os.name", "").startsWith("Windows")) {
                throw DiskErrors.at(path, e);
            }
            // Windows opens no folders, and keeps their changes in order by itself
        } catch (IOException e) {
            throw DiskErrors.at(path, e);
        }
    }

    /** The first call looks whether it can be done, and does nothing: failures are only told from then on. */
    @Override
    public boolean syncAll() throws IOException {
        WholeFileSystem known;
        synchronized (this) {
            known = whole;
            if (!wholeIsKnown) {
                wholeIsKnown = true;
                whole = WholeFileSystem.of(root);
            }
        }
        if (known == null) {
            return false;
        }
        known.sync();
        return true;
    }

    @Override
    public long usableBytes() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
