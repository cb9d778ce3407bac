// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import java.util.Locale;

/**
 * One key of the configuration.
 *
 * @param name        parts in kebab-case, separated by dots
 * @param type        how a value is read
 * @param defaultText the value where none is given, as one would write it
 * @param description what it is for, in a sentence or two, for the documentation
 */
public record Key<T>(String name, ValueType<T> type, String defaultText, String description) {

    /** The environment variable that sets the key: {@code RELAIS_AMQP_FRAME_MAX} for {@code amqp.frame-max}. */
    public String environmentVariable() {
        return Environment.PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** Reads a value, and blames {@code origin} where it is not one. */
    T parse(String text, String origin) {
        try {
            return type.parse(text);
        } catch (IllegalArgumentException | ArithmeticException _) {
            throw new ConfigurationException(
                    "%s: '%s' (from %s) is not %s".formatted(name, text, origin, type.expectation()));
        }
    }
}
