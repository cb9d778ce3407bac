// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.relais.server.config.Nearest;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Commands as picocli reads them: all but a plain {@code serve}, which cannot afford picocli's start time. */
final class CommandRunner {
    private CommandRunner() {}

    /** Runs one command line; returns the exit status. */
    static int run(Terminal terminal, String... arguments) {
        CommandLine commands = Commands.all(terminal);
        commands.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        commands.setParameterExceptionHandler((e, _) -> misused(terminal, e));
        commands.setExecutionExceptionHandler((e, _, _) -> Failures.report(terminal, e));
        if (arguments.length == 0) {
            commands.usage(terminal.err());
            return ExitCode.USAGE.status();
        }
        return commands.execute(arguments);
    }

    private static int misused(Terminal terminal, ParameterException e) {
        CommandLine command = e.getCommandLine();
        terminal.complain(text(e) + "; try '" + command.getCommandSpec().qualifiedName() + " --help'");
        return ExitCode.USAGE.status();
    }

    private static String text(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().getFirst();
            CommandSpec spec = e.getCommandLine().getCommandSpec();
            List<String> known = new ArrayList<>(spec.subcommands().keySet());
            known.addAll(spec.optionsMap().keySet());
            String nearest = Nearest.of(word, known);
            return "unknown " + (word.startsWith("-") ? "option" : "command or argument") + " '" + word + "'"
                    + (nearest == null ? "" : "; did you mean '" + nearest + "'?");
        }
        return String.valueOf(e.getMessage());
    }
}
