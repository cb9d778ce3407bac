// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * All access to files. Two implementations: {@link RealDisk}, and {@link SimulatedDisk}, which loses what was not synced, tears, flips bits, fills up and fails on a script.
 *
 * <p>Paths are relative to the data folder. Thread: any; calls block.
 */
public interface Disk {

    /** Opens a file for reading and writing; creates it empty where it is absent. */
    DiskFile open(Path file) throws IOException;

    boolean exists(Path file) throws IOException;

    /** Bytes of a file, without opening it; -1 where it is absent. */
    long size(Path file) throws IOException;

    /** Names of the entries of a folder, sorted; empty where there is no such folder. */
    List<String> list(Path folder) throws IOException;

    /** Creates a folder and those above it, durably. */
    void createFolders(Path folder) throws IOException;

    /** Creates a folder in one that exists; durable after {@link #syncFolder} of that one. Present is fine. */
    void createFolder(Path folder) throws IOException;

    /** Renames within the data folder, atomically, replacing the target; durable after {@link #syncFolder}. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file, or an empty folder. Absent is fine. */
    void delete(Path file) throws IOException;

    /** Makes creations, renames and deletions in a folder durable. */
    void syncFolder(Path folder) throws IOException;

    /**
     * Makes durable, for all files at once, what was written, created and renamed before.
     *
     * @return false where the disk does not know how, or not yet: then nothing is done
     * @throws IOException after which the state of all files is unknown
     */
    default boolean syncAll() throws IOException {
        return false;
    }

    /** Bytes that can still be written. */
    long usableBytes() throws IOException;
}
