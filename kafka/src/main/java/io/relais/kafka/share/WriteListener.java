// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import org.apache.kafka.common.protocol.Errors;

/** Told once, on the owner thread, what became of something that was to be made durable. */
@FunctionalInterface
interface WriteListener {
    /** @param error {@link Errors#NONE} where it is on the disk */
    void written(Errors error);
}
