// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import org.apache.kafka.common.protocol.Errors;

/** What a client believes about the leader of a partition (KIP-320). */
final class LeaderEpochs {
    static final int ANY = -1;

    private LeaderEpochs() {}

    /** @param believed -1 where the client believes nothing */
    static Errors check(int believed, Partition partition) {
        if (believed == ANY || believed == partition.leaderEpoch()) {
            return Errors.NONE;
        }
        return believed < partition.leaderEpoch() ? Errors.FENCED_LEADER_EPOCH : Errors.UNKNOWN_LEADER_EPOCH;
    }
}
