// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

/**
 * One thing that the doctor looked at.
 *
 * @param kind  {@link ExitCode#OK} where it is well, or what the program ends with where it is not
 * @param topic what was looked at: {@code java}, {@code amqp port}
 * @param text  what was found, and what to do
 */
record Finding(ExitCode kind, String topic, String text) {

    static Finding well(String topic, String text) {
        return new Finding(ExitCode.OK, topic, text);
    }

    static Finding ill(ExitCode kind, String topic, String text) {
        return new Finding(kind, topic, text);
    }

    boolean isWell() {
        return kind == ExitCode.OK;
    }
}
