// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import org.apache.kafka.common.protocol.Errors;

/** Errors as old clients know them. */
final class ClientErrors {
    private ClientErrors() {}

    /** A fenced producer hears so by a name it knows (KIP-588). */
    static Errors fenced(Errors error, boolean knowsFenced) {
        return error == Errors.PRODUCER_FENCED && !knowsFenced ? Errors.INVALID_PRODUCER_EPOCH : error;
    }
}
