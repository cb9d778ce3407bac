// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;

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
        String command = arguments.length == 0 ? "" : arguments[0];
        if (command.equals(TrainCommand.NAME)) {
            return tried(terminal, new TrainCommand());
        }
        if (command.equals(ServeCommand.NAME)) {
            Optional<ServerOptions> options = PlainOptions.read(Arrays.asList(arguments).subList(1, arguments.length));
            if (options.isPresent()) {
                return tried(terminal, new ServeCommand(terminal, options.get()));
            }
        }
        return CommandRunner.run(terminal, arguments);
    }

    private static int tried(Terminal terminal, Callable<Integer> command) {
        try {
            return command.call();
        } catch (Exception e) { // whatever it is, the person at the terminal is told
            return Failures.report(terminal, e);
        }
    }
}
