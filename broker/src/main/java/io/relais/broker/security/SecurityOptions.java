// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.security;

import java.security.SecureRandom;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What the security of a broker depends on.
 *
 * @param loopbackUsers    users who may connect from this machine only
 * @param pbkdf2Iterations rounds for hashing new passwords
 * @param random           for salts, keys and names that must not be guessed
 */
public record SecurityOptions(Set<String> loopbackUsers, int pbkdf2Iterations, RandomGenerator random) {
    public SecurityOptions {
        loopbackUsers = Set.copyOf(loopbackUsers);
    }

    /** As RabbitMQ ships: {@code guest} from loopback only. */
    public static SecurityOptions defaults() {
        return new SecurityOptions(Set.of("guest"), PasswordHash.ITERATIONS, new SecureRandom());
    }
}
