// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.relais.server.Server;
import io.relais.server.config.Config;
import io.relais.server.listen.Listen;
import io.relais.server.training.TrainingRun;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator types, and what comes of it. */
class AdminCommandTest {
    private static final String PROMPT = "    ./relais ";

    @TempDir
    Path folder = Path.of("");

    private @Nullable Server server;
    private String out = "";
    private String err = "";
    private String in = "";

    @BeforeEach
    void aServerRuns() {
        server = Server.start(Config.of(Map.of("data", data(), "amqp.listen", "127.0.0.1:0", "kafka.listen", "off")));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** Every command of the manual, in its order. */
    abstract class UsersVhostsAndPermissions {

        @Test
        void areAddedListedChangedAndDeleted() {
            in = "secret\n";
            done("user", "add", "alice", "--password-stdin", "--tags", "administrator");
            done("user", "add", "bob", "an open secret");
            assertThat(listed("user", "list")).isEqualTo("""
                    name   tags
                    alice  ["administrator"]
                    bob    []
                    guest  ["administrator"]
                    """);
            done("user", "tags", "alice", "monitoring", "other");
            in = "another\n";
            done("user", "password", "alice", "--password-stdin");
            done("user", "delete", "bob");
            done("user", "import-hash", "carol", "9/1i+jKFRpbTRV1PtRnzFFYibT3cEpP92JeZ8YKGtflf4e/u");
            assertThat(listed("user", "list", "--json")).isEqualTo(
                    """
                            [{"name":"alice","tags":["monitoring","other"]},{"name":"carol","tags":[]},{"name":"guest","tags":["administrator"]}]
                            """);

            done("vhost", "add", "staging");
            assertThat(listed("vhost", "list")).isEqualTo("name\n/\nstaging\n");

            done("permission", "set", "alice", "^alice", ".*", "", "--vhost", "staging");
            assertThat(listed("permission", "list")).isEqualTo("""
                    user   vhost    configure  write  read
                    guest  /        .*         .*     .*
                    alice  staging  ^alice     .*     ""
                    """);
            done("permission", "clear", "alice", "--vhost", "staging");
            done("vhost", "delete", "staging");
            assertThat(listed("vhost", "list")).isEqualTo("name\n/\n");
        }

        @Test
        void areRefusedWithASentenceAndStatusOne() {
            refused("there is no user 'nobody'", "user", "delete", "nobody");
            refused("there is a virtual host '/' already", "vhost", "add", "/");
            refused("there is no virtual host 'x'", "permission", "set", "guest", "", "", "", "--vhost", "x");
            refused("invalid regular expression", "permission", "set", "guest", "(", "", "");
            refused("the password hash cannot be read", "user", "import-hash", "carol", "no hash");
        }

        @Test
        void anEmptyPasswordIsStatusTwo() {
            in = "\n";
            assertThat(run("user", "add", "alice", "--password-stdin")).isEqualTo(2);
            assertThat(err).isEqualTo("relais: the password is empty\n");
        }
    }

    @Nested
    class WhileTheServerRuns extends UsersVhostsAndPermissions {

        @Test
        void itListsWhatThereIs() throws IOException {
            TrainingRun.client(port());

            assertThat(listed("list", "queues")).isEqualTo("""
                    vhost  name      type     durable  ready  unacknowledged  consumers
                    /      training  classic  true     0      0               0
                    """);
            assertThat(listed("list", "bindings")).contains("training  queue            training     a.*");
            assertThat(listed("list", "exchanges", "--vhost", "/")).contains("/      amq.direct");
            assertThat(listed("list", "consumers")).isEqualTo("vhost  queue  tag  acknowledges  exclusive\n");
            assertThat(listed("list", "connections")).startsWith("name  ");
            refused("there is no virtual host 'x'", "list", "queues", "--vhost", "x");
        }

        /** In the order of the page, as a reader would type them. */
        @Test
        void theCommandsOfTheManualWork() throws IOException {
            in = "secret\n";
            List<String> commands = Files.readAllLines(Path.of("..", "docs", "users-and-permissions.md")).stream()
                    .filter(line -> line.startsWith(PROMPT)).map(line -> line.substring(PROMPT.length())).toList();

            assertThat(commands).hasSizeGreaterThan(10);
            for (String command : commands) {
                assertThat(run(words(command))).as(command + ": " + err).isZero();
            }
        }

        /** Splits as a shell does, as far as the manual needs it. */
        private static String[] words(String command) {
            return Pattern.compile("'([^']*)'|(\\S+)").matcher(command).results()
                    .map(word -> word.group(1) == null ? word.group(2) : word.group(1)).toArray(String[]::new);
        }

        @Test
        void theDoctorAsksIt() {
            assertThat(run("doctor", "--amqp", "127.0.0.1:1")).as(out).isZero();
            assertThat(out)
                    .contains("runs as process " + ProcessHandle.current().pid() + ", amqp on 127.0.0.1:" + port());
        }

        @Test
        void theDoctorTellsOfAlarms() {
            assertThat(server).isNotNull();
            server.alarm("memory", "somebody said so");

            assertThat(run("doctor")).isEqualTo(1);
            assertThat(out).contains("WRONG alarm: somebody said so");
        }
    }

    @Nested
    class WhileNoServerRuns extends UsersVhostsAndPermissions {
        @BeforeEach
        void theServerHasStopped() {
            stop();
            server = null;
        }

        @Test
        void itListsWhatIsStored() {
            assertThat(listed("list", "queues")).startsWith("vhost  name");
        }

        @Test
        void connectionsAreNotListed() {
            assertThat(run("list", "connections")).isEqualTo(1);
            assertThat(err).contains("no server runs on " + data());
        }

        @Test
        void aFolderThatDoesNotExistIsNotMade() throws IOException {
            assertThat(Main.run(terminal(new ByteArrayOutputStream(), new ByteArrayOutputStream()), "user", "list",
                    "--data",
                    data() + "-not")).isEqualTo(1);
            assertThat(Files.exists(Path.of(data() + "-not"))).isFalse();
        }

        @Test
        void whatWasAddedHoldsWhenItStarts() {
            done("user", "add", "alice", "secret");
            aServerRuns();

            assertThat(listed("user", "list")).contains("alice");
        }
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private int port() {
        return server != null && server.amqp() instanceof Listen.At at ? at.port() : -1;
    }

    private void done(String... arguments) {
        assertThat(run(arguments)).as(err).isZero();
        assertThat(out + err).isEmpty();
    }

    private String listed(String... arguments) {
        assertThat(run(arguments)).as(err).isZero();
        return out;
    }

    private void refused(String sentence, String... arguments) {
        assertThat(run(arguments)).isEqualTo(1);
        assertThat(err).startsWith("relais: ").contains(sentence).hasLineCount(1);
    }

    private int run(String... arguments) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", data()));
        int status = Main.run(terminal(outBytes, errBytes), all.toArray(String[]::new));
        out = outBytes.toString(UTF_8);
        err = errBytes.toString(UTF_8);
        return status;
    }

    private Terminal terminal(ByteArrayOutputStream outBytes, ByteArrayOutputStream errBytes) {
        return new Terminal(new ByteArrayInputStream(in.getBytes(UTF_8)), new PrintStream(outBytes, true, UTF_8),
                new PrintStream(errBytes, true, UTF_8), Map.of());
    }
}
