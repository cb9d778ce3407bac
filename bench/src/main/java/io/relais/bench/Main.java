// SPDX-License-Identifier: Apache-2.0
package io.relais.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What {@code bench/compare} and {@code bench/measure} call. Exit codes: 0 measured, 1 failed, 2 wrong usage. */
@Command(name = "bench", subcommands = {Compare.class, Measure.class})
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        CommandLine command = new CommandLine(new Main());
        command.setExecutionExceptionHandler((failure, _, _) -> {
            failure.printStackTrace();
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(command.execute(args));
    }
}
