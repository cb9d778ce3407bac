// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka;

import org.jspecify.annotations.Nullable;

/**
 * One place where the Kafka protocol is spoken.
 *
 * @param name          as Kafka would call the listener, in upper case
 * @param advertised    where clients of this listener are told to connect; null for the very address each of them connected to
 * @param authenticates whether a client must say who it is (SASL, or a certificate) before anything else
 */
public record KafkaListener(String name, @Nullable Advertised advertised, boolean authenticates) {
    /** Everyone is let in, and told the address it came by. */
    public static final KafkaListener OPEN = new KafkaListener("PLAINTEXT", null, false);

    /** A host and port as clients reach them (Kafka: {@code advertised.listeners}). */
    public record Advertised(String host, int port) {}
}
