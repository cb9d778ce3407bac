// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.Optional;

import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.server.authorizer.Authorizer;

/** Who may do what with groups: asked by every handler before the coordinator is. Thread: the owner. */
@FunctionalInterface
public interface GroupAccess {

    /** Everybody may do everything. */
    GroupAccess OPEN = (request, operation, type, name) -> true;

    boolean allows(Request request, AclOperation operation, ResourceType type, String name);

    /** Who sent a request. */
    default KafkaPrincipal principal(Request request) {
        return KafkaPrincipal.ANONYMOUS;
    }

    /** Asked, on a thread of the coordinator, which topics a regular expression of a consumer group may match; empty where all. */
    default Optional<Authorizer> authorizer() {
        return Optional.empty();
    }

    default boolean allowsGroup(Request request, AclOperation operation, String group) {
        return allows(request, operation, ResourceType.GROUP, group);
    }

    default boolean allowsTopic(Request request, AclOperation operation, String topic) {
        return allows(request, operation, ResourceType.TOPIC, topic);
    }
}
