// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import io.relais.server.DataUnusableException;
import io.relais.server.config.ConfigurationException;
import io.relais.server.listen.PortUnavailableException;

/** What each kind of failure is for the person at the terminal: one sentence and an exit status. */
final class Failures {
    private Failures() {}

    static int report(Terminal terminal, Exception failure) {
        terminal.complain(text(failure));
        return exitCode(failure).status();
    }

    private static String text(Exception failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }

    private static ExitCode exitCode(Exception failure) {
        return switch (failure) {
            case ConfigurationException _ -> ExitCode.USAGE;
            case DataUnusableException _ -> ExitCode.DATA;
            case PortUnavailableException _ -> ExitCode.PORT;
            default -> ExitCode.FAILED;
        };
    }
}
