// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.util.List;
import java.util.Set;

import org.apache.kafka.common.security.scram.internals.ScramMechanism;

/**
 * What is configured of authentication.
 *
 * @param loopbackUsers  users that may log in from this machine only
 * @param sessionMs      how long an authentication holds ({@code connections.max.reauth.ms}); 0 for ever
 * @param failureDelayMs how long a client waits to hear that it failed ({@code connection.failed.authentication.delay.ms}): guessing gets slow
 */
public record SaslSettings(Set<String> loopbackUsers, long sessionMs, long failureDelayMs) {
    /** The mechanisms that are offered, as clients are told them. */
    public static final List<String> MECHANISMS = List.of(PlainExchange.MECHANISM,
            ScramMechanism.SCRAM_SHA_256.mechanismName(), ScramMechanism.SCRAM_SHA_512.mechanismName());
    /** Kafka's defaults, and RabbitMQ's rule for {@code guest}. */
    public static final SaslSettings DEFAULT = new SaslSettings(Set.of("guest"), 0, 100);

    public SaslSettings {
        loopbackUsers = Set.copyOf(loopbackUsers);
    }
}
