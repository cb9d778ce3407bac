// SPDX-License-Identifier: Apache-2.0
package io.relais.log.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    Path parent;

    private Path path = Path.of("");

    @BeforeEach
    void name() {
        path = parent.resolve("data");
    }

    @Test
    void aNewFolderIsCreatedWithTheVersionOfItsFormat() throws Exception {
        try (DataFolder folder = DataFolder.open(path)) {
            assertThat(folder.path()).isAbsolute();
            assertThat(path.resolve("VERSION")).hasContent("1");
            assertThat(path.resolve("LOCK")).hasContent(String.valueOf(ProcessHandle.current().pid()));
            assertThat(folder.disk().exists(Path.of("VERSION"))).isTrue();
        }
    }

    @Test
    void aFolderIsOpenedAgainAfterItWasClosed() throws Exception {
        DataFolder.open(path).close();
        DataFolder.open(path).close();
    }

    @Test
    void aFolderInUseIsRefusedAndTheHolderNamed() throws Exception {
        try (DataFolder _ = DataFolder.open(path)) {
            assertThatThrownBy(() -> DataFolder.open(path)).isInstanceOf(DataFolderException.class)
                    .hasMessageContaining(path.toString())
                    .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
        }
        DataFolder.open(path).close();
    }

    @Test
    void aNewerFormatIsRefused() throws Exception {
        DataFolder.open(path).close();
        Files.writeString(path.resolve("VERSION"), "2\n");

        assertThatThrownBy(() -> DataFolder.open(path)).isInstanceOf(DataFolderException.class)
                .hasMessageContaining("format version 2").hasMessageContaining("newer");
        assertThat(path.resolve("VERSION")).hasContent("2");
    }

    @Test
    void aVersionThatIsNoneIsRefused() throws Exception {
        DataFolder.open(path).close();
        Files.writeString(path.resolve("VERSION"), "soup");

        assertThatThrownBy(() -> DataFolder.open(path)).isInstanceOf(DataFolderException.class)
                .hasMessageContaining("VERSION");
    }

    @Test
    void aFolderWithSomethingElseInItIsRefusedAndLeftAlone() throws IOException {
        Files.createDirectories(path);
        Files.writeString(path.resolve("thesis.txt"), "precious");

        assertThatThrownBy(() -> DataFolder.open(path)).isInstanceOf(DataFolderException.class)
                .hasMessageContaining("not empty").hasMessageContaining("thesis.txt");
        assertThat(path).isDirectoryNotContaining("glob:**/{LOCK,VERSION}");
    }

    @Test
    void aPathThatIsAFileIsRefused() throws IOException {
        Files.writeString(path, "a file");

        assertThatThrownBy(() -> DataFolder.open(path)).isInstanceOf(DataFolderException.class)
                .hasMessageContaining(path.toString());
    }
}
