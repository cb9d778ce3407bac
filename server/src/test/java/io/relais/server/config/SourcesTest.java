// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourcesTest {
    private static final Map<String, String> NONE = Map.of();

    @TempDir
    Path folder = Path.of("");

    @Test
    void aFlagBeatsSetBeatsEnvironmentBeatsFileBeatsDefault() throws IOException {
        Path file = file("amqp.channel-max: 11");
        Map<String, String> environment = Map.of("RELAIS_AMQP_CHANNEL_MAX", "12");
        Map<String, String> set = Map.of("amqp.channel-max", "13");
        Map<String, String> flag = Map.of("amqp.channel-max", "14");

        assertThat(channelMax(NONE, NONE, NONE, null)).isEqualTo(2047);
        assertThat(channelMax(NONE, NONE, NONE, file)).isEqualTo(11);
        assertThat(channelMax(NONE, NONE, environment, file)).isEqualTo(12);
        assertThat(channelMax(NONE, set, environment, file)).isEqualTo(13);
        assertThat(channelMax(flag, set, environment, file)).isEqualTo(14);
    }

    @ParameterizedTest
    @ValueSource(strings = {"amqp: {channel-max: 99}", "amqp.channel-max: 99", "amqp:\n  channel-max: '99'\n",
            "# a comment\namqp.channel-max: 99 # another"})
    void aFileMayNestKeysOrDotThem(String yaml) throws IOException {
        assertThat(channelMax(NONE, NONE, NONE, file(yaml))).isEqualTo(99);
    }

    @Test
    void anEmptyFileSetsNothing() throws IOException {
        assertThat(channelMax(NONE, NONE, NONE, file(""))).isEqualTo(2047);
        assertThat(channelMax(NONE, NONE, NONE, file("# nothing\n"))).isEqualTo(2047);
    }

    @Test
    void aListInAFileIsAList() throws IOException {
        assertThat(Config.load(NONE, NONE, NONE, file("auth.loopback-users: [guest, ops]")).loopbackUsers())
                .containsExactly("guest", "ops");
        assertThat(Config.load(NONE, NONE, NONE, file("auth.loopback-users: []")).loopbackUsers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"just words|holds no keys", "a: [1|line 1: not YAML",
            "amqp.hertbeat: 3s|unknown key 'amqp.hertbeat' (from FILE); did you mean 'amqp.heartbeat'?",
            "amqp: {listen: here}|amqp.listen: 'here' (from FILE) is not HOST:PORT",
            "something-entirely-different: 1|unknown key 'something-entirely-different' (from FILE)",
            "amqp:|unknown key 'amqp' (from FILE)"})
    void aWrongFileIsToldByName(String yaml, String message) throws IOException {
        Path file = file(yaml);

        assertThatThrownBy(() -> Config.load(NONE, NONE, NONE, file)).isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message.replace("FILE", file.toString()));
    }

    @Test
    void aMissingFileIsToldByName() {
        Path file = folder.resolve("none.yaml");

        assertThatThrownBy(() -> Config.load(NONE, NONE, NONE, file))
                .hasMessage("there is no configuration file " + file);
    }

    @Test
    void anUnknownVariableIsAnErrorWithASuggestion() {
        assertThatThrownBy(() -> Config.load(NONE, NONE, Map.of("RELAIS_AMQP_LISTN", "x"), null))
                .hasMessage("unknown environment variable RELAIS_AMQP_LISTN; did you mean RELAIS_AMQP_LISTEN?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RELAIS_JAVA_HOME", "RELAIS_JAVA_OPTS", "RELAIS_CONFIG", "RELAIS_SERVICE_HOST",
            "RELAIS_PORT_5672_TCP", "RELAIS_PORT", "PATH"})
    void variablesOfTheLauncherAndOfKubernetesAreLeftAlone(String variable) {
        assertThatCode(() -> Config.load(NONE, NONE, Map.of(variable, "x"), null)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:5672", "[::]:5672", "192.0.2.7:5672"})
    void otherMachinesReachAListenerOnlyWhereSomebodySaidSo(String address) {
        Map<String, String> flags = Map.of("amqp.listen", address);

        assertThatThrownBy(() -> Config.of(flags)).hasMessageContaining("say --insecure if the network is trusted");
        assertThatCode(() -> Config.load(flags, Map.of("security.insecure", "true"), NONE, null))
                .doesNotThrowAnyException();
    }

    @Test
    void aFrontThatIsMissingIsWantedOnlyWhereSomebodyAsked() {
        assertThat(Config.of(NONE).http().explicit()).isFalse();
        assertThat(Config.of(Map.of("http.listen", "127.0.0.1:15672")).http().explicit()).isTrue();
    }

    private static int channelMax(Map<String, String> flags, Map<String, String> sets, Map<String, String> environment,
            @Nullable Path file) {
        return Config.load(flags, sets, environment, file).amqp().channelMax();
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("relais.yaml"), yaml);
    }
}
