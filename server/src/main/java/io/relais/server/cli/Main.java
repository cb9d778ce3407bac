// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The program. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        int status = run(Terminal.ofThisProcess(), arguments);
        System.out.flush();
        System.exit(status);
    }

    /** Runs one command line; returns the exit status. */
    static int run(Terminal terminal, String... arguments) {
        CommandLine commands = arguments.length > 0 && arguments[0].equals("serve")
                ? Commands.serveOnly(terminal)
                : Commands.all(terminal);
        commands.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        commands.setParameterExceptionHandler((e, _) -> misused(terminal, e));
        commands.setExecutionExceptionHandler((e, _, _) -> Failures.report(terminal, e));
        return commands.execute(arguments);
    }

    private static int misused(Terminal terminal, ParameterException e) {
        terminal.complain(
                e.getMessage() + "; try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'");
        return ExitCode.USAGE.status();
    }
}
