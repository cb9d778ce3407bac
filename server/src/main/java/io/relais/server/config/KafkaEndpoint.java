// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import java.util.Locale;

import io.relais.server.listen.Listen;

/** One listener of the Kafka protocol, or where clients reach it, as Kafka writes it: {@code SASL_SSL://0.0.0.0:9094}. */
public record KafkaEndpoint(KafkaProtocol protocol, Listen.At at) {

    /** @throws IllegalArgumentException where it is not one */
    static KafkaEndpoint parse(String text) {
        int colon = text.indexOf("://");
        if (colon < 0) {
            throw new IllegalArgumentException("no protocol");
        }
        KafkaProtocol protocol = KafkaProtocol.valueOf(text.substring(0, colon).toUpperCase(Locale.ROOT));
        if (Listen.parse(text.substring(colon + 3)) instanceof Listen.At at) {
            return new KafkaEndpoint(protocol, at);
        }
        throw new IllegalArgumentException("no address");
    }

    @Override
    public String toString() {
        return protocol + "://" + at;
    }
}
