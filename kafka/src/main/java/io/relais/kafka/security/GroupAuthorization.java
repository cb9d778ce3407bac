// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.util.Optional;

import io.relais.kafka.group.GroupAccess;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.server.authorizer.Authorizer;

/** {@link Access}, as groups ask it. */
public final class GroupAuthorization implements GroupAccess {
    private final Access access;

    public GroupAuthorization(Access access) {
        this.access = access;
    }

    @Override
    public boolean allows(Request request, AclOperation operation, ResourceType type, String name) {
        return access.allowed(request, operation, type, name);
    }

    @Override
    public KafkaPrincipal principal(Request request) {
        return access.principal(request);
    }

    @Override
    public Optional<Authorizer> authorizer() {
        return Optional.of(access.authorizer());
    }
}
