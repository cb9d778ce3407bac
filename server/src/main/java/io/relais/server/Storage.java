// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

import io.netty.buffer.ByteBufAllocator;
import io.relais.kafka.admin.Volume;
import io.relais.log.LogStore;
import io.relais.log.disk.Disk;
import io.relais.log.local.DataFolder;
import io.relais.log.local.DataFolderException;
import io.relais.log.local.LocalLogStore;
import io.relais.log.metadata.MetadataStore;
import io.relais.log.metadata.MvMetadataStore;

/**
 * The logs and the metadata of a data folder that this process has locked.
 *
 * @param metadata what survives a restart and is no message
 * @param folder   where they are
 */
record Storage(Disk disk, LogStore logs, MetadataStore metadata, Path folder) {
    private static final Path METADATA = Path.of("metadata.mv");
    private static final FileAttribute<?> OWNER_ONLY = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /**
     * Locks a folder, and creates it where it is absent, for its owner alone: messages are nobody else's business.
     *
     * @param closing gets what must be closed again
     */
    static DataFolder lock(Path path, Closing closing) throws DataFolderException, IOException {
        Path absolute = path.toAbsolutePath();
        if (!Files.exists(absolute) && absolute.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(absolute, OWNER_ONLY);
        }
        DataFolder folder = DataFolder.open(path);
        closing.add("data folder", _ -> folder.close());
        return folder;
    }

    /**
     * Opens what is in a folder.
     *
     * @param closing gets what must be closed again, also where this fails halfway
     */
    static Storage open(DataFolder folder, Workers workers, Closing closing) throws IOException {
        Disk disk = folder.disk();
        MetadataStore metadata = metadata(disk, workers, closing);
        var executors = new LocalLogStore.Executors(workers.journal(), workers.writing(), workers.syncing(),
                workers.io());
        LogStore logs = new LocalLogStore(disk, executors, ByteBufAllocator.DEFAULT, new SecureRandom());
        closing.add("logs", _ -> logs.close());
        return new Storage(disk, logs, metadata, folder.path());
    }

    /** The disk that the folder is on. */
    Volume volume() {
        return new Volume() {
            @Override
            public long totalBytes() throws IOException {
                return Files.getFileStore(folder).getTotalSpace();
            }

            @Override
            public long usableBytes() throws IOException {
                return disk.usableBytes();
            }
        };
    }

    /** Opens the metadata alone. */
    static MetadataStore metadata(Disk disk, Workers workers, Closing closing) throws IOException {
        MetadataStore metadata = MvMetadataStore.open(disk, METADATA, workers.metadata());
        closing.add("metadata", _ -> metadata.close());
        return metadata;
    }
}
