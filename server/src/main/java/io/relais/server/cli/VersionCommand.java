// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import io.relais.server.Version;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Prints the version of Relais and of Java.")
final class VersionCommand implements Runnable {
    private final Terminal terminal;

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        terminal.out().println("relais " + Version.text() + " (Java " + System.getProperty("java.version") + ")");
    }
}
