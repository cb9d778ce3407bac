// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

import io.relais.server.config.Config;
import io.relais.server.config.ConfigurationException;
import io.relais.server.control.OperationFailedException;
import io.relais.server.listen.Listen;
import io.relais.server.listen.PortUnavailableException;
import io.relais.server.training.TrainingRun;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ServerTest {
    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void aClientPublishesAndConsumesOnOneLoop(String transport) throws IOException {
        try (Server server = start("a", Map.of("network.threads", "1", "network.transport", transport))) {
            TrainingRun.client(port(server));
        }
    }

    @Test
    void aClientPublishesAndConsumesWhereSocketsHaveLoopsOfTheirOwn() throws IOException {
        try (Server server = start("a", Map.of("network.threads", "2"))) {
            TrainingRun.client(port(server));
        }
    }

    @Test
    void severalServersRunInOneProgram() throws IOException {
        try (Server one = start("one", Map.of()); Server other = start("other", Map.of())) {
            assertThat(port(one)).isNotEqualTo(port(other));
            TrainingRun.client(port(one));
            TrainingRun.client(port(other));
        }
    }

    @Test
    void whatWasAddedIsThereAfterARestart() {
        try (Server server = start("a", Map.of())) {
            server.run("user.add", Map.of("name", "alice", "password", "secret", "tags", "a, b"));
            server.run("vhost.add", Map.of("name", "v"));
            server.run("permission.set",
                    Map.of("user", "alice", "vhost", "v", "configure", "c", "write", "w", "read", "r"));
        }
        try (Server server = start("a", Map.of())) {
            assertThat(text(server, "user.list")).contains("alice").contains("[a, b]").contains("guest");
            assertThat(text(server, "vhost.list")).contains("name=v");
            assertThat(text(server, "permission.list")).contains("alice");
        }
    }

    @Test
    void listingsShowWhatThereIs() throws IOException {
        try (Server server = start("a", Map.of())) {
            TrainingRun.client(port(server));

            assertThat(text(server, "list.queues")).contains("name=training").contains("ready=0");
            assertThat(text(server, "list.exchanges")).contains("name=amq.topic").contains("name=training");
            assertThat(text(server, "list.bindings")).contains("routingKey=a.*");
            assertThat(text(server, "list.consumers")).isEqualTo("[]");
            assertThat(text(server, "status")).contains("alarms=[]").contains("damages=[]");
        }
    }

    @Test
    void aConnectionIsListedWhileItIsThere() throws IOException {
        try (Server server = start("a", Map.of());
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
            socket.getOutputStream().write(new byte[]{'A', 'M', 'Q', 'P', 0, 0, 9, 1});
            assertThat(socket.getInputStream().read()).isEqualTo(1); // a method frame: connection.start

            assertThat(text(server, "list.connections")).contains("127.0.0.1:" + socket.getLocalPort());
        }
    }

    @Test
    void anAlarmIsShownUntilItEnds() {
        try (Server server = start("a", Map.of())) {
            server.alarm("memory", "somebody said so");
            assertThat(text(server, "status")).contains("alarms=[somebody said so]");

            server.alarm("memory", null);
            assertThat(text(server, "status")).contains("alarms=[]");
        }
    }

    @Test
    void whatIsRefusedIsToldInTheBrokersWords() {
        try (Server server = start("a", Map.of())) {
            assertThatThrownBy(() -> server.run("user.delete", Map.of("name", "nobody")))
                    .isInstanceOf(OperationFailedException.class).hasMessage("there is no user 'nobody'");
            assertThatThrownBy(() -> server.run("list.queues", Map.of("vhost", "none")))
                    .hasMessage("there is no virtual host 'none'");
        }
    }

    @Test
    void aStoppedServerLeavesItsPortAndItsFolder() throws IOException {
        int port;
        try (Server server = start("a", Map.of())) {
            port = port(server);
        }
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        assertThat(folder.resolve("a").resolve("control.sock")).doesNotExist();
        start("a", Map.of()).close();
    }

    @Test
    void clientsAreToldThatTheServerStops() throws IOException {
        try (Socket socket = new Socket()) {
            try (Server server = start("a", Map.of("stop.timeout", "1s"))) {
                socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port(server)));
                TrainingRun.open(socket);
            }
            byte[] rest = socket.getInputStream().readAllBytes();
            assertThat(new String(rest, StandardCharsets.ISO_8859_1)).contains("CONNECTION_FORCED");
        }
    }

    @Test
    void aTakenPortStopsTheStartAndLeavesNothingOpen() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();

            assertThatThrownBy(() -> start("a", Map.of("amqp.listen", address)))
                    .isInstanceOf(PortUnavailableException.class).hasMessageContaining(address + ") is taken by ");
        }
        start("a", Map.of()).close();
    }

    @Test
    void moreMemoryForTheTailThanThereIsStopsTheStart() {
        assertThatThrownBy(() -> start("a", Map.of("memory.tail", "64GiB"))).isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(
                        "memory.tail and memory.in-flight together are 65544MiB, but publishers are blocked from ");
        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void aFolderInUseStopsTheStart() {
        try (Server _ = start("a", Map.of())) {
            assertThatThrownBy(() -> start("a", Map.of())).isInstanceOf(DataUnusableException.class)
                    .hasMessageContaining("is in use by process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void aFolderOfANewerVersionStopsTheStart() throws IOException {
        start("a", Map.of()).close();
        Files.writeString(folder.resolve("a").resolve("VERSION"), "1000\n");

        assertThatThrownBy(() -> start("a", Map.of())).isInstanceOf(DataUnusableException.class)
                .hasMessageContaining("written by a newer program");
    }

    @Test
    void damageThatRecoveryFindsIsTold() throws IOException {
        try (Server server = start("a", Map.of())) {
            TrainingRun.client(port(server));
        }
        flipAByte(folder.resolve("a/shard-0/journal/00000000000000000001.journal"), 500_000);

        try (Server server = start("a", Map.of())) {
            assertThat(server.damages()).isNotEmpty();
            assertThat(text(server, "status")).contains("00000000000000000001.journal, position ");
        }
    }

    private static void flipAByte(Path file, long position) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(position);
            int old = open.read();
            open.seek(position);
            open.write(old ^ 0x10);
        }
    }

    @Test
    void aDataFolderIsItsOwnersAlone() throws IOException {
        start("a", Map.of()).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a"))))
                .isEqualTo("rwx------");
    }

    @Test
    void withoutAListenerItRunsForTheCommandLineAlone() {
        try (Server server = start("a", Map.of("amqp.listen", "off"))) {
            assertThat(server.amqp()).isEqualTo(Listen.OFF);
            assertThat(text(server, "vhost.list")).isEqualTo("[{name=/}]");
        }
    }

    private Server start(String name, Map<String, String> values) {
        Map<String, String> all = new HashMap<>(
                Map.of("data", folder.resolve(name).toString(), "amqp.listen", "127.0.0.1:0", "kafka.listen", "off"));
        all.putAll(values);
        return Server.start(Config.of(all));
    }

    private static int port(Server server) {
        return server.amqp() instanceof Listen.At at ? at.port() : -1;
    }

    private static String text(Server server, String operation) {
        @Nullable
        Object answer = server.run(operation, Map.of());
        return String.valueOf(answer);
    }
}
