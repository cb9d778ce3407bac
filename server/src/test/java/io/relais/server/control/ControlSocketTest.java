// SPDX-License-Identifier: Apache-2.0
package io.relais.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
    @TempDir
    Path data = Path.of("");

    @Test
    void aLineIsAnsweredByALine() throws IOException {
        try (ControlServer _ = ControlServer.start(data, request -> request.toUpperCase(Locale.ROOT))) {
            assertThat(ControlClient.ask(data, "grüße")).contains("GRÜSSE");
            assertThat(ControlClient.ask(data, "x".repeat(100_000))).contains("X".repeat(100_000));
        }
    }

    @Test
    void onlyTheOwnerCanConnect() throws IOException {
        try (ControlServer _ = ControlServer.start(data, request -> request)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("control.sock"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void whereNoServerRunsThereIsNoAnswer() throws IOException {
        assertThat(ControlClient.ask(data, "anybody?")).isEmpty();
    }

    @Test
    void aStoppedServerLeavesNothingBehind() throws IOException {
        ControlServer.start(data, request -> request).close();

        assertThat(data).isEmptyDirectory();
    }

    @Test
    void theSocketOfAKilledServerIsReplaced() throws IOException {
        Files.createFile(data.resolve("control.sock"));

        try (ControlServer _ = ControlServer.start(data, request -> "new")) {
            assertThat(ControlClient.ask(data, "who?")).contains("new");
        }
    }

    @Test
    void aPathTooLongForASocketLeadsToAShortOne() throws IOException {
        Path deep = Files.createDirectories(data.resolve("d".repeat(90)).resolve("e".repeat(90)));

        try (ControlServer _ = ControlServer.start(deep, request -> "deep")) {
            assertThat(ControlClient.ask(deep, "where?")).contains("deep");
        }
        assertThat(deep).isEmptyDirectory();
    }

    @Test
    void aClientThatLeavesInTheMiddleDisturbsNobody() throws IOException {
        try (ControlServer _ = ControlServer.start(data, request -> "still here")) {
            for (int i = 0; i < 20; i++) {
                SocketChannel.open(Control.address(data)).close();
            }
            assertThat(ControlClient.ask(data, "?")).contains("still here");
        }
    }
}
