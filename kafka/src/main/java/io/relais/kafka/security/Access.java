// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.Authorizer;

/**
 * What a client may do: what the access control lists say. Where no entry is about a resource, everyone who was let in may do everything with it, unless the lists are configured to be strict.
 * Administrators (users with that tag) always may.
 *
 * <p>Thread: the owner.
 */
public final class Access {
    private static final Set<AclOperation> OF_TOPIC = EnumSet.of(AclOperation.READ, AclOperation.WRITE,
            AclOperation.CREATE, AclOperation.DESCRIBE, AclOperation.DELETE, AclOperation.ALTER,
            AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS);
    private static final Set<AclOperation> OF_GROUP = EnumSet.of(AclOperation.READ, AclOperation.DESCRIBE,
            AclOperation.DELETE, AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS);
    private static final Set<AclOperation> OF_CLUSTER = EnumSet.of(AclOperation.CREATE, AclOperation.CLUSTER_ACTION,
            AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS, AclOperation.IDEMPOTENT_WRITE,
            AclOperation.ALTER, AclOperation.DESCRIBE);

    private final Clients clients;
    private final Acls acls;
    private final Predicate<String> administrators;
    /** Those who asked for something lately, for other threads. */
    private final Set<KafkaPrincipal> seenAdministrators = ConcurrentHashMap.newKeySet();

    /**
     * Makes it.
     *
     * @param administrators whether the user of this name may do everything
     */
    public Access(Clients clients, Acls acls, Predicate<String> administrators) {
        this.clients = clients;
        this.acls = acls;
        this.administrators = administrators;
    }

    /** Who sent a request. */
    public KafkaPrincipal principal(Request request) {
        return request.isGone() ? KafkaPrincipal.ANONYMOUS : clients.of(request.connection()).principal();
    }

    /** The same for who asks on another thread. */
    Authorizer authorizer() {
        return new SharedAuthorizer(acls.authorizer(), seenAdministrators::contains);
    }

    /** Whether an operation on one resource is allowed. */
    public boolean allowed(Request request, AclOperation operation, ResourceType type, String name) {
        return unrestricted(request)
                || (!request.isGone() && acls.allows(context(request), operation, type, name, true));
    }

    /** Whether an operation on the cluster is allowed. */
    public boolean allowedOnCluster(Request request, AclOperation operation) {
        return allowed(request, operation, ResourceType.CLUSTER, Resource.CLUSTER_NAME);
    }

    /** As {@link #allowed}, for what a client did not ask for by name: a refusal is nothing to note. */
    public boolean visible(Request request, AclOperation operation, ResourceType type, String name) {
        return unrestricted(request)
                || (!request.isGone() && acls.allows(context(request), operation, type, name, false));
    }

    /** Whether there is any resource of a type for which an operation is allowed. */
    public boolean allowedAny(Request request, AclOperation operation, ResourceType type) {
        return unrestricted(request) || (!request.isGone() && acls.allowsAny(context(request), operation, type));
    }

    /** The operations on a resource that are allowed, as a set of bits by their codes (KIP-430). */
    public int operations(Request request, ResourceType type, String name) {
        int bits = 0;
        for (AclOperation operation : operationsOf(type)) {
            if (visible(request, operation, type, name)) {
                bits |= 1 << operation.code();
            }
        }
        return bits;
    }

    private static Set<AclOperation> operationsOf(ResourceType type) {
        return switch (type) {
            case TOPIC -> OF_TOPIC;
            case GROUP -> OF_GROUP;
            case CLUSTER -> OF_CLUSTER;
            case TRANSACTIONAL_ID ->
                EnumSet.of(AclOperation.DESCRIBE, AclOperation.WRITE, AclOperation.TWO_PHASE_COMMIT);
            case DELEGATION_TOKEN -> EnumSet.of(AclOperation.DESCRIBE);
            case USER -> EnumSet.of(AclOperation.CREATE_TOKENS, AclOperation.DESCRIBE_TOKENS);
            case ANY, UNKNOWN -> EnumSet.noneOf(AclOperation.class);
        };
    }

    private boolean unrestricted(Request request) {
        if (acls.allowAll()) {
            return true;
        }
        KafkaPrincipal principal = principal(request);
        boolean administrator = !principal.equals(KafkaPrincipal.ANONYMOUS)
                && administrators.test(principal.getName());
        if (administrator) {
            seenAdministrators.add(principal);
        } else {
            seenAdministrators.remove(principal);
        }
        return administrator;
    }

    private Context context(Request request) {
        Client client = clients.of(request.connection());
        return new Context(request, client);
    }

    /** What Kafka's authorizer wants to know of a request. */
    private record Context(Request request, Client client) implements AuthorizableRequestContext {
        @Override
        public String listenerName() {
            return client.listener().name();
        }

        @Override
        public SecurityProtocol securityProtocol() {
            return client.securityProtocol();
        }

        @Override
        public KafkaPrincipal principal() {
            return client.principal();
        }

        @Override
        public InetAddress clientAddress() {
            return client.address();
        }

        @Override
        public int requestType() {
            return request.key().id;
        }

        @Override
        public int requestVersion() {
            return request.version();
        }

        @Override
        public String clientId() {
            return request.clientId();
        }

        @Override
        public int correlationId() {
            return request.header().correlationId();
        }
    }
}
