// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.util.Map;

import org.apache.kafka.metadata.ScramCredentialData;

/**
 * The SCRAM credentials of one user as they are in the metadata.
 *
 * @param byMechanism by {@code SCRAM-SHA-256} and the like
 */
public record ScramRecord(Map<String, Stored> byMechanism) {

    /** What the server needs to check a proof. None of it is the password, nor can log in. */
    record Stored(byte[] salt, byte[] storedKey, byte[] serverKey, int iterations) {

        ScramCredentialData data() {
            return new ScramCredentialData(salt, storedKey, serverKey, iterations);
        }
    }
}
