// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

/** How a listener of the Kafka protocol is protected, by Kafka's names. */
public enum KafkaProtocol {
    PLAINTEXT(false, false), SASL_PLAINTEXT(false, true), SSL(true, false), SASL_SSL(true, true);

    private final boolean encrypted;
    private final boolean authenticated;

    KafkaProtocol(boolean encrypted, boolean authenticated) {
        this.encrypted = encrypted;
        this.authenticated = authenticated;
    }

    /** Whether TLS comes first. */
    public boolean encrypted() {
        return encrypted;
    }

    /** Whether a client must authenticate by SASL. */
    public boolean authenticated() {
        return authenticated;
    }
}
