// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

/** What a channel has been switched to; confirms and transactions exclude each other, and there is no way back. */
sealed interface ChannelMode {
    /** Publishes are not answered. */
    record Plain() implements ChannelMode {}

    /** After confirm.select. */
    record Confirming(Confirms confirms) implements ChannelMode {}

    /** After tx.select. */
    record Transactional(Transaction transaction) implements ChannelMode {}
}
