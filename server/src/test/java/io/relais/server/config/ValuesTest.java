// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import io.relais.server.listen.Listen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

    @ParameterizedTest
    @CsvSource({"1MiB,1048576", "64MiB,67108864", "2GiB,2147483648", "1024KiB,1048576", "1048577,1048577",
            "1048577B,1048577", "3 MiB,3145728"})
    void aSizeHasAUnit(String text, long bytes) {
        assertThat(Config.of(Map.of("memory.tail", text)).broker().tailMemoryBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "64MB", "-1MiB", "1.5MiB", "999999999999GiB", "1KiB", "64 GiB x", "65537MiB "})
    void anythingElseIsNoSize(String text) {
        assertThatThrownBy(() -> Config.of(Map.of("memory.tail", text))).isInstanceOf(ConfigurationException.class)
                .hasMessage("memory.tail: '" + text
                        + "' (from the program) is not a size with its unit, from 1MiB to 64GiB");
    }

    @ParameterizedTest
    @CsvSource({"500ms,500", "30s,30000", "2m,120000", "10 s,10000"})
    void aTimeHasAUnit(String text, long ms) {
        assertThat(Config.of(Map.of("amqp.handshake-timeout", text)).amqp().handshakeTimeout()).hasMillis(ms);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "1ms", "2h", "-1s", "1d"})
    void anythingElseIsNoTime(String text) {
        assertThatThrownBy(() -> Config.of(Map.of("amqp.handshake-timeout", text)))
                .hasMessageContaining("is not a time with its unit, from 100ms to 10m");
    }

    @Test
    void noHeartbeatIsAPlainZero() {
        assertThat(Config.of(Map.of("amqp.heartbeat", "0")).amqp().heartbeat()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:5672,127.0.0.1,5672", "localhost:0,localhost,0", "[::1]:9,::1,9"})
    void anAddressIsHostAndPort(String text, String host, int port) {
        assertThat(Config.of(Map.of("amqp.listen", text)).amqp().listen()).isEqualTo(Listen.at(host, port))
                .hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "127.0.0.1:off"})
    void offLeavesAFrontOut(String text) {
        assertThat(Config.of(Map.of("amqp.listen", text)).amqp().listen()).isEqualTo(Listen.OFF);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5672", ":5672", "localhost", "localhost:", "localhost:x", "::1:5672", "a:-1"})
    void anythingElseIsNoAddress(String text) {
        assertThatThrownBy(() -> Config.of(Map.of("amqp.listen", text)))
                .hasMessageContaining("is not HOST:PORT (port 0 lets the system choose), or off");
    }

    @ParameterizedTest
    @CsvSource({"amqp.channel-max,0,a number from 1 to 65535", "amqp.channel-max,many,a number from 1 to 65535",
            "memory.heap-limit,85,a share from 20% to 99%", "memory.heap-limit,100%,a share from 20% to 99%",
            "network.threads,0,auto or a number from 1 to 64",
            "network.transport,kqueue,'one of auto, epoll, io_uring, nio'",
            "log.level,INFO,'one of error, warn, info, debug, trace'", "security.insecure,yes,true or false",
            "auth.loopback-users,'a,,b','a list of names separated by commas, or none'", "data,'  ',a folder"})
    void whatIsWrongIsToldWithWhatWouldBeRight(String key, String text, String expectation) {
        assertThatThrownBy(() -> Config.of(Map.of(key, text)))
                .hasMessage(key + ": '" + text + "' (from the program) is not " + expectation);
    }

    @Test
    void loopbackUsersAreAListOrNone() {
        assertThat(Config.of(Map.of("auth.loopback-users", "guest, ops")).loopbackUsers()).containsExactly("guest",
                "ops");
        assertThat(Config.of(Map.of("auth.loopback-users", "none")).loopbackUsers()).isEmpty();
    }
}
