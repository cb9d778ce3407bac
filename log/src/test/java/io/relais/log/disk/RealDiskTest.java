// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealDiskTest extends DiskContractTest {
    @TempDir
    Path root;

    @Override
    Disk disk() {
        return new RealDisk(root);
    }

    @Test
    void failuresNameThePath() {
        assertThatThrownBy(() -> disk().open(Path.of("none/file"))).isInstanceOf(IOException.class)
                .hasMessageContaining(root.resolve("none/file").toString());
    }
}
