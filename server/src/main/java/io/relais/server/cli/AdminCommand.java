// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import io.relais.server.config.Config;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** A command that asks the running server, or, where none runs, changes the data folder itself. */
abstract class AdminCommand implements Callable<Integer> {
    final Terminal terminal;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    AdminCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    final JsonNode ask(String operation, Map<String, String> arguments) {
        Config config = options.load(terminal.environment());
        Logging.configure(config.logLevel());
        return Asking.of(config).ask(operation, arguments);
    }

    /** Asks, prints nothing, and is content. */
    final int done(String operation, Map<String, String> arguments) {
        ask(operation, arguments);
        return ExitCode.OK.status();
    }

    /** Asks for a list and prints it. */
    final int listed(String operation, Map<String, String> arguments, List<String> columns, boolean json) {
        JsonNode rows = ask(operation, arguments);
        terminal.out().print(json ? rows + "\n" : Table.render(columns, rows));
        return ExitCode.OK.status();
    }
}
