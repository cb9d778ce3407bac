// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.quota;

import org.jspecify.annotations.Nullable;

/** What can be limited, by Kafka's names. */
enum QuotaKey {
    /** Bytes of produce requests a second. */
    PRODUCER_BYTE_RATE("producer_byte_rate", 1),
    /** Bytes of records fetched a second. */
    CONSUMER_BYTE_RATE("consumer_byte_rate", 1),
    /** Share of one thread's time, in percent (KIP-124): a second has 100 of them. */
    REQUEST_PERCENTAGE("request_percentage", 1),
    /** Partitions created and deleted a second (KIP-599). */
    CONTROLLER_MUTATION_RATE("controller_mutation_rate", 11),
    /** Connections opened a second from one address (KIP-612). */
    CONNECTION_CREATION_RATE("connection_creation_rate", 1);

    private final String text;
    private final int burstSeconds;

    QuotaKey(String text, int burstSeconds) {
        this.text = text;
        this.burstSeconds = burstSeconds;
    }

    String text() {
        return text;
    }

    /** How many seconds' worth can be saved up. Of mutations as many as Kafka's windows (11 of a second), since they come in bursts. */
    int burstSeconds() {
        return burstSeconds;
    }

    static @Nullable QuotaKey of(String text) {
        for (QuotaKey key : values()) {
            if (key.text.equals(text)) {
                return key;
            }
        }
        return null;
    }
}
