// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

class SmallFileTest {
    private static final Path FILE = Path.of("small");

    private static SimulatedDisk newDisk(long seed) {
        SimulatedDisk disk = new SimulatedDisk(seed);
        disk.createFolders(Path.of(""));
        return disk;
    }

    private static String read(Disk disk) throws IOException {
        ByteBuf content = SmallFile.read(disk, FILE);
        return content == null ? "absent" : content.toString(US_ASCII);
    }

    @Test
    void whatWasWrittenLastIsRead() throws IOException {
        SimulatedDisk disk = newDisk(1);
        assertThat(read(disk)).isEqualTo("absent");

        SmallFile.write(disk, FILE, DiskContractTest.ascii("a longer one"));
        SmallFile.write(disk, FILE, DiskContractTest.ascii("short"));

        assertThat(read(disk)).isEqualTo("short");
        assertThat(read(disk.crash())).isEqualTo("short");
    }

    @Test
    void whereverThePowerGoesTheOldContentIsThereOrTheNew() throws IOException {
        Set<String> outcomes = new HashSet<>();
        for (int seed = 0; seed < 300; seed++) {
            SimulatedDisk disk = newDisk(seed);
            SmallFile.write(disk, FILE, DiskContractTest.ascii("old"));
            int[] left = {seed % 8};
            SimulatedDisk[] after = new SimulatedDisk[1];
            disk.onOperation(_ -> {
                if (left[0]-- == 0) {
                    after[0] = disk.crash();
                }
            });
            try {
                SmallFile.write(disk, FILE, DiskContractTest.ascii("new"));
            } catch (IOException e) {
                assertThat(after[0]).isNotNull();
            }
            outcomes.add(read(after[0] == null ? disk.crash() : after[0]));
        }
        assertThat(outcomes).containsExactlyInAnyOrder("old", "new");
    }

    @Test
    void anyFlippedBitIsNoticed() throws IOException {
        SimulatedDisk disk = newDisk(1);
        SmallFile.write(disk, FILE, DiskContractTest.ascii("content"));
        for (int position = 0; position < 19; position++) {
            disk.flipBit(FILE, position, position % 8);
            assertThatThrownBy(() -> read(disk)).isInstanceOf(SmallFile.Corrupt.class);
            disk.flipBit(FILE, position, position % 8);
        }
        assertThat(read(disk)).isEqualTo("content");
    }
}
