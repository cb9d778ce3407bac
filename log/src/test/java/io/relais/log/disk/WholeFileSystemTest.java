// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeFileSystemTest {

    @ParameterizedTest
    @CsvSource({"Linux, 6.18.44-generic, ext4, true", "Linux, 5.8.0, xfs, true", "Linux, 5.7.19, ext4, false",
            "Linux, 4.18.0, ext4, false", "Linux, 6.1.0, fuse, false", "Linux, 6.1.0, nfs4, false",
            "Linux, unknown, ext4, false", "Mac OS X, 15.1, apfs, false"})
    void onlyKernelsAndFileSystemsThatTellOfFailures(String system, String version, String fileSystem,
            boolean reliable) {
        assertThat(WholeFileSystem.isReliable(system, version, fileSystem)).isEqualTo(reliable);
    }

    @Test
    void theFirstCallOnlyLooks(@TempDir Path folder) throws IOException {
        RealDisk disk = new RealDisk(folder);

        assertThat(disk.syncAll()).isFalse();
        assertThat(disk.syncAll()).isEqualTo(WholeFileSystem.of(folder) != null);
    }
}
