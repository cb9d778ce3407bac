// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What picocli reads, {@code serve} reads as picocli would. */
class PlainOptionsTest {
    private static final Map<String, String> VALUES = Map.of("--data", "some/folder", "--amqp", "127.0.0.1:1",
            "--kafka", "127.0.0.1:2", "--http", "off", "--set", "amqp.heartbeat=7s", "--config", "relais.yaml");

    @Test
    void everyOptionOfServeIsUnderstood() {
        CommandLine picocli = new CommandLine(new ServerOptions());

        for (OptionSpec option : picocli.getCommandSpec().options()) {
            List<String> plain = new ArrayList<>(List.of(option.longestName()));
            if (option.arity().max() > 0) {
                plain.add(VALUES.getOrDefault(option.longestName(), "?"));
            }
            assertThat(PlainOptions.read(plain)).as(plain.toString()).isPresent();
            assertThat(flags(PlainOptions.read(plain).orElseThrow())).isEqualTo(flags(picocli(plain)));
        }
    }

    @Test
    void aValueMayStandBehindAnEqualsSign() {
        List<String> arguments = List.of("--amqp=127.0.0.1:1", "--insecure", "--data", "x");

        assertThat(flags(PlainOptions.read(arguments).orElseThrow())).isEqualTo(flags(picocli(arguments)))
                .containsEntry("amqp.listen", "127.0.0.1:1").containsEntry("security.insecure", "true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "--amqq x", "--data", "--data --insecure", "word", "--insecure=true"})
    void whatIsNotPlainIsLeftToPicocli(String line) {
        assertThat(PlainOptions.read(List.of(line.split(" ", -1)))).isEmpty();
    }

    private static ServerOptions picocli(List<String> arguments) {
        ServerOptions options = new ServerOptions();
        new CommandLine(options).parseArgs(arguments.toArray(String[]::new));
        return options;
    }

    private static Map<String, String> flags(ServerOptions options) {
        return options.flags();
    }
}
