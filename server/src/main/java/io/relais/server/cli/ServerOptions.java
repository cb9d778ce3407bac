// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.util.Map;

import io.relais.server.config.Keys;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the commands that are about listeners too. */
final class ServerOptions extends ConfigOptions {

    @Option(names = "--amqp", paramLabel = "HOST:PORT", description = "Where AMQP 0-9-1 is spoken, or off (default: 127.0.0.1:5672). Port 0 lets the system choose.")
    private @Nullable String amqp;

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Where the Kafka protocol is spoken, or off (default: 127.0.0.1:9092). Port 0 lets the system choose.")
    private @Nullable String kafka;

    @Option(names = "--http", paramLabel = "HOST:PORT", description = "Where HTTP is spoken. This version has no HTTP front yet.")
    private @Nullable String http;

    @Option(names = "--insecure", description = "Allows listening on addresses that other machines reach, unencrypted.")
    private boolean insecure;

    @Override
    boolean take(String option, String value) {
        switch (option) {
            case "--amqp" -> amqp = value;
            case "--kafka" -> kafka = value;
            case "--http" -> http = value;
            default -> {
                return super.take(option, value);
            }
        }
        return true;
    }

    /** Sets an option that has no value; returns false where there is none of that name. */
    boolean take(String option) {
        insecure |= option.equals("--insecure");
        return option.equals("--insecure");
    }

    @Override
    void addFlags(Map<String, String> flags) {
        put(flags, Keys.AMQP_LISTEN, amqp);
        put(flags, Keys.KAFKA_LISTEN, kafka);
        put(flags, Keys.HTTP_LISTEN, http);
        put(flags, Keys.SECURITY_INSECURE, insecure ? "true" : null);
    }
}
