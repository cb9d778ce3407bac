// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/** Who may do what with producer ids and transactions: asked by every handler before the coordinator is. Thread: the owner. */
public interface TransactionAccess {

    /** Everybody may do everything. */
    TransactionAccess OPEN = new TransactionAccess() {
        @Override
        public boolean allows(Request request, AclOperation operation, ResourceType type, String name) {
            return true;
        }

        @Override
        public boolean allowsAnyTopic(Request request, AclOperation operation) {
            return true;
        }
    };

    boolean allows(Request request, AclOperation operation, ResourceType type, String name);

    /** Whether there is any topic for which an operation is allowed. */
    boolean allowsAnyTopic(Request request, AclOperation operation);

    default boolean allowsId(Request request, AclOperation operation, String transactionalId) {
        return allows(request, operation, ResourceType.TRANSACTIONAL_ID, transactionalId);
    }

    default boolean allowsTopic(Request request, AclOperation operation, String topic) {
        return allows(request, operation, ResourceType.TOPIC, topic);
    }

    default boolean allowsCluster(Request request, AclOperation operation) {
        return allows(request, operation, ResourceType.CLUSTER, Resource.CLUSTER_NAME);
    }
}
