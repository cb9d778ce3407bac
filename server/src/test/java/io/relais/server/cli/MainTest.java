// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path data = Path.of("");

    @Test
    void versionSaysWhichAndOnWhatJava() {
        assertThat(run("version")).isZero();
        assertThat(out()).matches("relais \\d+\\.\\d+\\.\\d+(-SNAPSHOT)? \\(Java \\d+.*\\)\n");
    }

    @Test
    void helpShowsEveryCommand() {
        assertThat(run("help")).isZero();
        assertThat(out()).contains("serve", "version", "doctor", "user", "vhost", "permission", "list")
                .doesNotContain("train");
    }

    @ParameterizedTest
    @CsvSource({"serve,--amqp", "doctor,--data", "user,import-hash", "permission,clear"})
    void everyCommandExplainsItself(String command, String part) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out()).contains(part);
    }

    @Test
    void withoutACommandItShowsWhatThereIsAndIsNotContent() {
        assertThat(run()).isEqualTo(2);
        assertThat(err()).contains("Usage: relais").contains("serve");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "srve|unknown command or argument 'srve'; did you mean 'serve'?; try 'relais --help'",
            "serve --amqq x|unknown option '--amqq'; did you mean '--amqp'?; try 'relais serve --help'",
            "serve --set amqp.hertbeat=1s|unknown key 'amqp.hertbeat' (from --set); did you mean 'amqp.heartbeat'?",
            "serve --set nonsense|--set takes KEY=VALUE, not 'nonsense'",
            "serve --amqp nowhere|amqp.listen: 'nowhere' (from the command line) is not HOST:PORT (port 0 lets the system choose), or off",
            "serve --amqp 0.0.0.0:0|amqp.listen: 0.0.0.0:0 is reachable from other machines, and this version has no TLS yet: passwords and messages would travel unencrypted. Listen on 127.0.0.1, or say --insecure if the network is trusted",
            "list things|there are no things to list; there are queues, exchanges, bindings, connections and consumers",
            "user|Missing required subcommand; try 'relais user --help'"})
    void aWrongCommandLineIsOneSentenceAndStatusTwo(String line, String sentence) {
        assertThat(run(line.split(" ", -1))).isEqualTo(2);
        assertThat(err()).isEqualTo("relais: " + sentence + "\n");
        assertThat(out()).isEmpty();
    }

    @Test
    void aPortOutOfRangeIsStatusThree() {
        assertThat(run("serve", "--data", data.toString(), "--amqp", "127.0.0.1:99999")).isEqualTo(3);
        assertThat(err()).startsWith("relais: port 99999 for amqp is out of range");
    }

    @Test
    void aTakenPortIsStatusThreeAndNothingIsSaidOnStandardOutput() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("serve", "--data", data.toString(), "--amqp", "127.0.0.1:" + taken.getLocalPort()))
                    .isEqualTo(3);
        }
        assertThat(err()).startsWith("relais: port ").contains("is taken by")
                .contains("(process " + ProcessHandle.current().pid() + ")");
        assertThat(out()).isEmpty();
    }

    @Test
    void theDoctorFindsATakenPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("doctor", "--data", data.toString(), "--amqp", "127.0.0.1:" + taken.getLocalPort()))
                    .isEqualTo(3);
        }
        assertThat(out()).contains("WRONG amqp port: port ").contains("ok    data folder: " + data)
                .contains("ok    java: ");
    }

    @Test
    void theDoctorChangesNothing() {
        run("doctor", "--data", data.resolve("new").toString(), "--amqp", "off");

        assertThat(out()).contains("ok    amqp port: off").contains("will be created");
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void theExitCodesAreInTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "operations.md"));

        for (ExitCode code : ExitCode.values()) {
            assertThat(page).contains("| " + code.status() + " | " + code.meaning() + " |");
        }
    }

    private int run(String... arguments) {
        return Main.run(new Terminal(new ByteArrayInputStream(new byte[0]), new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8), Map.of()), arguments);
    }

    private String out() {
        return out.toString(UTF_8);
    }

    private String err() {
        return err.toString(UTF_8);
    }
}
