// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import io.relais.kafka.transaction.TransactionAccess;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** Who may do what with transactions, by the access control lists. Thread: the owner. */
public final class TransactionAuthorization implements TransactionAccess {
    private final Access access;

    public TransactionAuthorization(Access access) {
        this.access = access;
    }

    @Override
    public boolean allows(Request request, AclOperation operation, ResourceType type, String name) {
        return access.allowed(request, operation, type, name);
    }

    @Override
    public boolean allowsAnyTopic(Request request, AclOperation operation) {
        return access.allowedAny(request, operation, ResourceType.TOPIC);
    }
}
