// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import io.relais.server.config.ConfigurationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A user name, and a password: as an argument (other users of the machine can see it), from standard input, or asked for. */
final class Credentials {

    @Parameters(index = "0", paramLabel = "NAME", description = "The user.")
    private String name = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "PASSWORD", description = "The password. Without it and --password-stdin it is asked for.")
    private @Nullable String argument;

    @Option(names = "--password-stdin", description = "Reads the password from the first line of standard input.")
    private boolean fromInput;

    String name() {
        return name;
    }

    String password(Terminal terminal) {
        String password = fromInput ? firstLine(terminal) : argument == null ? asked() : argument;
        if (password.isEmpty()) {
            throw new ConfigurationException("the password is empty");
        }
        return password;
    }

    private static String firstLine(Terminal terminal) {
        try {
            String line = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String asked() {
        Console console = Optional.ofNullable(System.console()).filter(Console::isTerminal)
                .orElseThrow(() -> new ConfigurationException(
                        "there is no terminal to ask for the password: give it with --password-stdin"));
        char[] once = console.readPassword("Password: ");
        char[] again = console.readPassword("Again: ");
        if (once == null || !Arrays.equals(once, again)) {
            throw new ConfigurationException("the two passwords differ");
        }
        return new String(once);
    }
}
