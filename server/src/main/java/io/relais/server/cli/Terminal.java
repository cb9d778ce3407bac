// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/** What a command sees of its surroundings. */
record Terminal(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {

    static Terminal ofThisProcess() {
        return new Terminal(System.in, System.out, System.err, System.getenv());
    }

    /** Says what went wrong, in one line on standard error. */
    void complain(String text) {
        err.println("relais: " + text);
    }
}
