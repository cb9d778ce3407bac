// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.relais.log.disk.SimulatedDisk.Operation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FilePoolTest {
    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final FilePool pool = new FilePool(disk, 3);
    private final List<Operation> operations = new ArrayList<>();

    @BeforeEach
    void listen() {
        disk.createFolders(Path.of(""));
        disk.onOperation(operations::add);
    }

    @Test
    void aFileThatWasUsedLastIsStillOpen() throws IOException {
        pool.with(Path.of("a"), DiskFile::size);
        pool.with(Path.of("a"), DiskFile::size);

        assertThat(operations).containsExactly(Operation.OPEN);
    }

    @Test
    void onlySoManyAreOpenAndThoseUsedLongestAgoAreClosed() throws IOException {
        for (String name : List.of("a", "b", "c", "a", "d")) {
            pool.with(Path.of(name), DiskFile::size);
        }
        assertThat(pool.openCount()).isEqualTo(3);
        operations.clear();

        pool.with(Path.of("a"), DiskFile::size);
        assertThat(operations).isEmpty();
        pool.with(Path.of("b"), DiskFile::size);
        assertThat(operations).containsExactly(Operation.OPEN);
    }

    @Test
    void aFileInUseIsNeverClosed() throws IOException {
        pool.with(Path.of("a"), file -> {
            for (String name : List.of("b", "c", "d", "e")) {
                pool.with(Path.of(name), DiskFile::size);
            }
            return file.size();
        });
        assertThat(pool.openCount()).isEqualTo(3);
    }

    @Test
    void aClosedPoolOpensNothing() {
        pool.close();

        assertThatThrownBy(() -> pool.with(Path.of("a"), DiskFile::size)).isInstanceOf(IOException.class);
    }
}
