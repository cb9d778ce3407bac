// SPDX-License-Identifier: Apache-2.0
package io.relais.server.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortsTest {

    @Test
    @EnabledOnOs(OS.LINUX)
    void aTakenPortIsToldWithTheProgramThatHoldsIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            Listen.At at = new Listen.At("127.0.0.1", port);

            String text = Ports.failure("amqp", at, new BindException("Address already in use")).getMessage();

            assertThat(text)
                    .startsWith("port %d for amqp (127.0.0.1:%d) is taken by %s".formatted(port, port, ownName()))
                    .endsWith(" (process %d): stop that program, or choose another with --amqp 127.0.0.1:PORT"
                            .formatted(ProcessHandle.current().pid()));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "5672|bind(..) failed with error(-98): Address already in use|port 5672 for amqp (127.0.0.1:5672) is taken by another program: stop that program, or choose another with --amqp 127.0.0.1:PORT",
            "80|Permission denied|port 80 for amqp (127.0.0.1:80) is not allowed to this user, since it is below 1024: choose another with --amqp 127.0.0.1:PORT, or allow it to the program",
            "5672|Cannot assign requested address|port 5672 for amqp (127.0.0.1:5672) cannot be used, since 127.0.0.1 is not an address of this machine: choose one that is with --amqp HOST:5672",
            "5672|No buffer space available|port 5672 for amqp (127.0.0.1:5672) cannot be used: No buffer space available; choose another with --amqp 127.0.0.1:PORT"})
    void everyReasonIsOneSentenceThatSaysWhatToDo(int port, String reason, String sentence) {
        assertThat(Ports.sentence("amqp", new Listen.At("127.0.0.1", port), reason, Optional.empty()))
                .isEqualTo(sentence);
    }

    @Test
    void aHolderOfAnotherUserIsToldAsFarAsTheSystemTells() {
        assertThat(new PortHolder(0, "", "113")).hasToString("a program of the user with id 113");
    }

    @Test
    void aPortOutOfRangeIsRefused() {
        assertThatThrownBy(() -> Ports.address("amqp", new Listen.At("127.0.0.1", 70_000)))
                .isInstanceOf(PortUnavailableException.class)
                .hasMessage(
                        "port 70000 for amqp is out of range: choose one from 1 to 65535, or 0 to let the system choose, with --amqp 127.0.0.1:0");
    }

    @Test
    void aHostWithoutAddressIsRefused() {
        assertThatThrownBy(() -> Ports.address("amqp", new Listen.At("no such host", 1)))
                .hasMessage(
                        "cannot listen for amqp on no such host:1: the name 'no such host' has no address here; choose an address of this machine with --amqp HOST:1");
    }

    @Test
    void nobodyHoldsAFreePort() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        assertThat(PortHolder.of(port)).isEmpty();
    }

    private static String ownName() throws IOException {
        return java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/comm")).strip();
    }
}
