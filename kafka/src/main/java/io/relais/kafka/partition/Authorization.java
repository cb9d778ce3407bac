// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** Asked whether a client may do something with a topic or a transactional id. Thread: the owner. */
@FunctionalInterface
public interface Authorization {

    /** Everything is allowed. */
    Authorization OPEN = (request, operation, type, name) -> true;

    boolean allowed(Request request, AclOperation operation, ResourceType type, String name);

    /** As {@link #allowed}, for a topic. */
    default boolean onTopic(Request request, AclOperation operation, String topic) {
        return allowed(request, operation, ResourceType.TOPIC, topic);
    }
}
