// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

/** Which messages of a queue's log survive a restart. */
public enum Durability {
    /** None: the queue itself does not. */
    NONE,
    /** Those that were published as persistent. */
    PERSISTENT_MESSAGES,
    /** All of them (RabbitMQ: quorum queues). */
    ALL_MESSAGES;

    boolean covers(boolean persistent) {
        return switch (this) {
            case NONE -> false;
            case PERSISTENT_MESSAGES -> persistent;
            case ALL_MESSAGES -> true;
        };
    }
}
