// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

import io.relais.kafka.metadata.RecordMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAcl;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;
import org.apache.kafka.server.authorizer.Authorizer;

/**
 * The access control lists, evaluated by Kafka's own authorizer. An entry that exists is not added a second time.
 *
 * <p>Thread: the owner.
 */
public final class Acls {
    private final RecordMap<AclRecord> records;
    private final RandomGenerator random;
    private final boolean strict;
    private final StandardAuthorizer authorizer = new StandardAuthorizer();
    private final Map<StandardAcl, Uuid> ids = new HashMap<>();

    /**
     * Makes them.
     *
     * @param records below {@code /kafka/acls/}, by an id that means nothing
     * @param strict  whether nobody may do anything with a resource that no entry is about ({@code allow.everyone.if.no.acl.found} of Kafka, turned round)
     */
    public Acls(RecordMap<AclRecord> records, RandomGenerator random, boolean strict) {
        this.records = records;
        this.random = random;
        authorizer.configure(
                Map.of(StandardAuthorizer.ALLOW_EVERYONE_IF_NO_ACL_IS_FOUND_CONFIG, Boolean.toString(!strict)));
        this.strict = strict;
        authorizer.withPluginMetrics(new PluginMetricsImpl(new Metrics(), Map.of()));
        authorizer.completeInitialLoad();
        records.all().forEach((id, record) -> add(Uuid.fromString(id), record.acl()));
    }

    private void add(Uuid id, StandardAcl acl) {
        ids.put(acl, id);
        authorizer.addAcl(id, acl);
    }

    /** The lists themselves, for who asks on another thread. */
    Authorizer authorizer() {
        return authorizer;
    }

    /** Whether everything is allowed to everybody. */
    boolean allowAll() {
        return !strict && ids.isEmpty();
    }

    Iterable<AclBinding> matching(AclBindingFilter filter) {
        return authorizer.acls(filter);
    }

    boolean allows(AuthorizableRequestContext context, AclOperation operation, ResourceType type, String name,
            boolean logged) {
        Action action = new Action(operation, new ResourcePattern(type, name, PatternType.LITERAL), 1, logged, logged);
        return authorizer.authorize(context, List.of(action)).getFirst() == AuthorizationResult.ALLOWED;
    }

    /** Whether there is any resource of a type for which an operation is allowed. */
    boolean allowsAny(AuthorizableRequestContext context, AclOperation operation, ResourceType type) {
        return authorizer.authorizeByResourceType(context, operation, type) == AuthorizationResult.ALLOWED;
    }

    /** @throws InvalidRequestException where it is no entry */
    void create(AclBinding binding) {
        check(binding);
        StandardAcl acl = StandardAcl.fromAclBinding(binding);
        if (!ids.containsKey(acl)) {
            Uuid id = new Uuid(random.nextLong() & Long.MAX_VALUE, random.nextLong());
            records.put(id.toString(), AclRecord.of(acl));
            add(id, acl);
        }
    }

    private static void check(AclBinding binding) {
        ResourcePattern pattern = binding.pattern();
        if (pattern.resourceType() == ResourceType.UNKNOWN || pattern.resourceType() == ResourceType.ANY) {
            throw new InvalidRequestException("Invalid resourceType " + pattern.resourceType());
        }
        if (pattern.name().isEmpty()) {
            throw new InvalidRequestException("Invalid empty resource name");
        }
        if (pattern.resourceType() == ResourceType.CLUSTER && !pattern.name().equals(Resource.CLUSTER_NAME)) {
            throw new InvalidRequestException(
                    "The only valid name for the CLUSTER resource is " + Resource.CLUSTER_NAME);
        }
        if (pattern.patternType() != PatternType.LITERAL && pattern.patternType() != PatternType.PREFIXED) {
            throw new InvalidRequestException("Invalid patternType " + pattern.patternType());
        }
        AclOperation operation = binding.entry().operation();
        if (operation == AclOperation.UNKNOWN || operation == AclOperation.ANY) {
            throw new InvalidRequestException("Invalid operation " + operation);
        }
        AclPermissionType permission = binding.entry().permissionType();
        if (permission != AclPermissionType.ALLOW && permission != AclPermissionType.DENY) {
            throw new InvalidRequestException("Invalid permissionType " + permission);
        }
        if (binding.entry().principal().indexOf(':') < 0) {
            throw new InvalidRequestException("Could not parse principal from `" + binding.entry().principal()
                    + "` (no colon is present separating the principal type from the principal name)");
        }
    }

    /**
     * Deletes what matches.
     *
     * @return what it was
     * @throws InvalidRequestException where the filter has parts that are not known
     */
    List<AclBinding> delete(AclBindingFilter filter) {
        if (filter.patternFilter().isUnknown()) {
            throw new InvalidRequestException("Unknown patternFilter.");
        }
        if (filter.entryFilter().isUnknown()) {
            throw new InvalidRequestException("Unknown entryFilter.");
        }
        List<AclBinding> deleted = new ArrayList<>();
        for (Map.Entry<StandardAcl, Uuid> entry : List.copyOf(ids.entrySet())) {
            AclBinding binding = entry.getKey().toBinding();
            if (filter.matches(binding)) {
                ids.remove(entry.getKey());
                authorizer.removeAcl(entry.getValue());
                records.remove(entry.getValue().toString());
                deleted.add(binding);
            }
        }
        return deleted;
    }
}
