// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.List;

import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;

/** Where replicas are put by hand: on one node there is one choice. */
final class Assignments {
    private Assignments() {}

    /** @throws InvalidReplicaAssignmentException where it is another choice */
    static void check(List<Integer> replicas, int node) {
        if (replicas.isEmpty()) {
            throw new InvalidReplicaAssignmentException(
                    "The manual partition assignment includes an empty replica list.");
        }
        for (int replica : replicas) {
            if (replica != node) {
                throw new InvalidReplicaAssignmentException("The manual partition assignment includes broker " + replica
                        + ", but no such broker is registered.");
            }
        }
        if (replicas.size() > 1) {
            throw new InvalidReplicaAssignmentException(
                    "The manual partition assignment includes the broker " + node + " more than once.");
        }
    }
}
