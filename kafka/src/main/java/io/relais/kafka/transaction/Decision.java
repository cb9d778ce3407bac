// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;

/** What the state of a transactional id says to a request. */
sealed interface Decision {

    /** No: nothing changes. */
    record Refused(Errors error) implements Decision {}

    /** It is so already: nothing changes. A producer of version 2 learns its id and epoch, others -1. */
    record AlreadyDone(long producerId, short epoch) implements Decision {}

    /** The id moves to another state once that is durable in the log. Until then it admits nothing else. */
    record Move(TxnTransitMetadata next) implements Decision {}
}
