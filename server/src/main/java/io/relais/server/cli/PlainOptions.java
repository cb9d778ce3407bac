// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.util.List;
import java.util.Optional;

/**
 * Reads options of {@code serve} in their plain form, {@code --name value} or {@code --name=value}. Picocli would do it too, but its classes are too old for Java's ahead-of-time cache and so take longer than
 * all the rest of the start. Whatever is not plain is left to it, with its help and its messages.
 */
final class PlainOptions {
    private PlainOptions() {}

    /** Empty where the options are not all plain. */
    static Optional<ServerOptions> read(List<String> arguments) {
        ServerOptions options = new ServerOptions();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            boolean understood = equals > 0
                    ? options.take(argument.substring(0, equals), argument.substring(equals + 1))
                    : options.take(argument) || (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("-")
                            && options.take(argument, arguments.get(++i)));
            if (!understood) {
                return Optional.empty();
            }
        }
        return Optional.of(options);
    }
}
