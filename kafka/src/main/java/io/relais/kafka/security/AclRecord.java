// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAcl;

/** One entry of the access control lists as it is in the metadata; words as Kafka's enums have them. */
public record AclRecord(String resourceType, String resourceName, String patternType, String principal, String host,
        String operation, String permission) {

    static AclRecord of(StandardAcl acl) {
        return new AclRecord(acl.resourceType().name(), acl.resourceName(), acl.patternType().name(), acl.principal(),
                acl.host(), acl.operation().name(), acl.permissionType().name());
    }

    StandardAcl acl() {
        return new StandardAcl(ResourceType.valueOf(resourceType), resourceName, PatternType.valueOf(patternType),
                principal, host, AclOperation.valueOf(operation), AclPermissionType.valueOf(permission));
    }
}
