// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import org.apache.kafka.common.protocol.Errors;

/** Told once what became of a request; {@link Errors#NONE} where all is well. Thread: the owner. */
@FunctionalInterface
interface ErrorListener {
    void done(Errors error);
}
