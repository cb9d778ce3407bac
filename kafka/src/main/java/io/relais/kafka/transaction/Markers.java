// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Writes the markers that end a transaction in its partitions. Thread: the owner. */
interface Markers {

    /**
     * Writes a marker.
     *
     * @param done hears when it is durable; {@link Errors#UNKNOWN_TOPIC_OR_PARTITION} where there is no such partition any more
     */
    void write(TopicPartition partition, Marker marker, ErrorListener done);

    /** What a marker says. */
    record Marker(long producerId, short epoch, boolean commit, int coordinatorEpoch, short transactionVersion) {}
}
