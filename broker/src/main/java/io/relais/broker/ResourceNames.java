// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.Base64;
import java.util.random.RandomGenerator;

/** Names of exchanges and queues: which may be used, and those the broker makes up. */
final class ResourceNames {
    private static final String RESERVED = "amq.";
    private static final String GENERATED = "amq.gen-";
    private static final int GENERATED_BYTES = 16;
    /** Leaves room for the rest of a record in a value of the metadata store. */
    private static final int ARGUMENTS_MAX_CHARACTERS = 64 << 10;

    private ResourceNames() {}

    /** RabbitMQ leaves line ends out of names. */
    static String clean(String name) {
        return name.indexOf('\n') < 0 && name.indexOf('\r') < 0 ? name : name.replace("\n", "").replace("\r", "");
    }

    /** A queue name that nobody can guess: 22 characters of Base64. */
    static String generated(RandomGenerator random) {
        byte[] token = new byte[GENERATED_BYTES];
        random.nextBytes(token);
        return GENERATED + Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    static void checkNotReserved(String kind, String name) throws RefusedException {
        if (name.startsWith(RESERVED)) {
            throw RefusedException.accessRefused(kind + " name '" + name + "' contains reserved prefix 'amq.*'");
        }
    }

    static void checkSize(Arguments arguments) throws RefusedException {
        if (arguments.json().length() > ARGUMENTS_MAX_CHARACTERS) {
            throw new RefusedException(new Refusal.ResourceExhausted("the arguments are larger than "
                    + ARGUMENTS_MAX_CHARACTERS + " characters in the form they are stored in"));
        }
    }
}
