// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.util.Locale;

import io.relais.server.config.Level;

/** Sets up what is logged. Must run before the first logger is made. */
final class Logging {
    private Logging() {}

    static void configure(Level level) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", level.name().toLowerCase(Locale.ROOT));
        if (level == Level.INFO) {
            // Kafka's coordinators tell of every member that comes and goes: not news to who runs a broker
            System.setProperty("org.slf4j.simpleLogger.log.org.apache.kafka", "warn");
        }
    }
}
