// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.LinkedHashSet;
import java.util.Set;

import io.relais.kafka.wire.Connection;

/**
 * What the broker remembers between the fetches of one member: the partitions it fetches, and the number its next request must have (KIP-932, "share sessions").
 *
 * <p>Thread: the owner.
 */
final class ShareSession {
    /** A request with this epoch begins a session. */
    static final int INITIAL_EPOCH = 0;
    /** A request with this epoch ends it. */
    static final int FINAL_EPOCH = -1;

    private final Key key;
    private final Connection connection;
    private final Set<SharePartitionId> partitions = new LinkedHashSet<>();
    private int epoch = 1;

    record Key(String groupId, String memberId) {}

    ShareSession(Key key, Connection connection) {
        this.key = key;
        this.connection = connection;
    }

    Key key() {
        return key;
    }

    Connection connection() {
        return connection;
    }

    /** The partitions, in the order they came. */
    Set<SharePartitionId> partitions() {
        return partitions;
    }

    /** The epoch that the next request must have. */
    int epoch() {
        return epoch;
    }

    void advance() {
        epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }
}
