// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

/** What the program's exit status says. Documented in {@code docs/operations.md}; numbers are never reused. */
public enum ExitCode {
    OK(0, "It worked; the server was stopped by a signal and everything was written."), FAILED(1,
            "It did not work; standard error says why."), USAGE(2,
                    "The command line or the configuration is wrong."), PORT(3,
                            "A port is taken, forbidden or out of range. Nothing was started."), DATA(4,
                                    "The data folder is in use by another process, was written by a newer version, or cannot be read."), DAMAGED(
                                            5,
                                            "Damaged data was found. The server ran, or runs, without it; standard error names it.");

    private final int status;
    private final String meaning;

    ExitCode(int status, String meaning) {
        this.status = status;
        this.meaning = meaning;
    }

    /** The number that the operating system gets. */
    public int status() {
        return status;
    }

    public String meaning() {
        return meaning;
    }
}
