// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.relais.log.disk.SimulatedDisk.Operation;
import org.junit.jupiter.api.Test;

class SimulatedDiskTest extends DiskContractTest {
    private static final Path FOLDER = Path.of("f");
    private static final Path FILE = FOLDER.resolve("file");
    private static final String OLD = "o".repeat(512);
    private static final String NEW = "n".repeat(512);

    private final SimulatedDisk disk = new SimulatedDisk(1);

    @Override
    Disk disk() {
        return disk;
    }

    /** A disk with one durable file of three sectors. */
    private static SimulatedDisk withAFile(long seed) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(seed);
        disk.createFolders(FOLDER);
        DiskFile file = disk.open(FILE);
        file.write(0, ascii(OLD.repeat(3)));
        file.sync();
        disk.syncFolder(FOLDER);
        return disk;
    }

    private static String content(SimulatedDisk disk) throws IOException {
        return read(disk.open(FILE), 0, 4096);
    }

    @Test
    void whatWasSyncedSurvivesAPowerCut() throws IOException {
        assertThat(content(withAFile(1).crash())).isEqualTo(OLD.repeat(3));
    }

    @Test
    void aFolderThatWasCreatedMayVanishWithWhatIsInItUntilTheOneAboveIsSynced() throws IOException {
        Set<Boolean> outcomes = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            SimulatedDisk disk = withAFile(seed);
            Path inner = FOLDER.resolve("inner");
            disk.createFolder(inner);
            disk.open(inner.resolve("file")).sync();
            disk.syncFolder(inner);
            outcomes.add(disk.crash().exists(inner.resolve("file")));
            SimulatedDisk synced = withAFile(seed);
            synced.createFolder(inner);
            synced.open(inner.resolve("file")).sync();
            synced.syncFolder(inner);
            synced.syncFolder(FOLDER);
            assertThat(synced.crash().exists(inner.resolve("file"))).isTrue();
        }
        assertThat(outcomes).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void allFilesAndNamesAreMadeDurableAtOnce() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            SimulatedDisk disk = withAFile(seed);
            Path inner = FOLDER.resolve("inner");
            disk.createFolder(inner);
            disk.open(FILE).write(0, ascii(NEW));
            disk.rename(FILE, inner.resolve("moved"));
            assertThat(disk.syncAll()).isTrue();
            assertThat(read(disk.crash().open(inner.resolve("moved")), 0, 512)).isEqualTo(NEW);
        }
    }

    @Test
    void eachUnsyncedSectorSurvivesOrVanishesByItselfAndTheLastMayBeTorn() throws IOException {
        Set<String> outcomes = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            SimulatedDisk disk = withAFile(seed);
            disk.open(FILE).write(0, ascii(NEW.repeat(3)));
            String found = content(disk.crash());
            assertThat(found.substring(0, 512)).isIn(OLD, NEW);
            assertThat(found.substring(512, 1024)).isIn(OLD, NEW);
            assertThat(found.substring(1024)).matches("n*o*");
            outcomes.add(found.replaceAll("(.)\\1*", "$1"));
        }
        assertThat(outcomes).contains("o", "n", "on", "no", "ono", "non");
    }

    @Test
    void theSameSeedAndTheSameOperationsGiveTheSameDisk() throws IOException {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            SimulatedDisk disk = withAFile(42);
            disk.open(FILE).write(100, ascii(NEW.repeat(2)));
            found.add(content(disk.crash()));
        }
        assertThat(found.get(0)).isEqualTo(found.get(1));
    }

    @Test
    void aNameThatNoFolderSyncMadeDurableMayBeLost() throws IOException {
        Set<List<String>> outcomes = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            SimulatedDisk disk = withAFile(seed);
            DiskFile created = disk.open(FOLDER.resolve("created"));
            created.sync();
            disk.rename(FILE, FOLDER.resolve("renamed"));
            SimulatedDisk after = disk.crash();
            outcomes.add(after.list(FOLDER));
        }
        assertThat(outcomes).containsExactlyInAnyOrder(List.of("file"), List.of("renamed"), List.of("created", "file"),
                List.of("created", "renamed"));
    }

    @Test
    void aDeletionThatNoFolderSyncMadeDurableMayComeBack() throws IOException {
        Set<List<String>> outcomes = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            SimulatedDisk disk = withAFile(seed);
            disk.delete(FILE);
            outcomes.add(disk.crash().list(FOLDER));
        }
        assertThat(outcomes).containsExactlyInAnyOrder(List.of("file"), List.of());
    }

    @Test
    void theOldDiskIsOffAfterAPowerCut() throws IOException {
        SimulatedDisk disk = withAFile(1);
        DiskFile file = disk.open(FILE);
        disk.crash();

        assertThatThrownBy(() -> file.write(0, ascii("x"))).isInstanceOf(IOException.class)
                .hasMessageContaining("power");
    }

    @Test
    void theNthOperationFailsOnDemandOnce() throws IOException {
        SimulatedDisk disk = withAFile(1);
        DiskFile file = disk.open(FILE);
        disk.fail(Operation.WRITE, 2);
        file.write(0, ascii("a"));

        assertThatThrownBy(() -> file.write(0, ascii("b"))).isInstanceOf(IOException.class)
                .hasMessageContaining(FILE.toString());
        file.write(0, ascii("c"));
    }

    @Test
    void whatAFailedSyncGaveUpIsReadButNeverReachesTheDisk() throws IOException {
        Set<String> outcomes = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            SimulatedDisk disk = withAFile(seed);
            DiskFile file = disk.open(FILE);
            file.write(0, ascii(NEW));
            disk.fail(Operation.SYNC, 1);
            assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
            assertThat(content(disk)).startsWith(NEW);

            file.sync();

            outcomes.add(content(disk.crash()).substring(0, 1));
        }
        assertThat(outcomes).containsExactlyInAnyOrder("o", "n");
    }

    @Test
    void aFullDiskRefusesWritesThatNeedSpaceAndTakesThoseThatDoNot() throws IOException {
        SimulatedDisk disk = withAFile(1);
        DiskFile file = disk.open(FILE);
        disk.limitBytes(2000);
        assertThat(disk.usableBytes()).isEqualTo(2000 - 3 * 512);

        assertThatThrownBy(() -> file.write(1536, ascii(NEW))).isInstanceOf(IOException.class)
                .hasMessageContaining("No space");
        assertThatThrownBy(() -> file.preallocate(4000)).isInstanceOf(IOException.class)
                .hasMessageContaining("No space");
        file.write(0, ascii(NEW));
    }

    @Test
    void aFlippedBitIsReadBack() throws IOException {
        SimulatedDisk disk = withAFile(1);

        disk.flipBit(FILE, 700, 1);

        assertThat(content(disk).charAt(700)).isEqualTo((char) ('o' ^ 2));
    }

    @Test
    void everyOperationIsToldBeforehandSoThatAClockCanMove() throws IOException {
        SimulatedDisk disk = withAFile(1);
        List<Operation> told = new ArrayList<>();
        disk.onOperation(told::add);

        DiskFile file = disk.open(FILE);
        file.write(0, ascii("x"));
        file.sync();

        assertThat(told).containsExactly(Operation.OPEN, Operation.WRITE, Operation.SYNC);
    }
}
