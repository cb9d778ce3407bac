// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.server.authorizer.AclCreateResult;
import org.apache.kafka.server.authorizer.AclDeleteResult;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;
import org.apache.kafka.server.authorizer.Authorizer;
import org.apache.kafka.server.authorizer.AuthorizerServerInfo;

/**
 * The access control lists for a coordinator that asks on a thread of its own: which topics a regular expression of a consumer group may match. Administrators may match all. Changes nothing.
 *
 * <p>Thread: any.
 */
final class SharedAuthorizer implements Authorizer {
    private final Authorizer lists;
    private final Predicate<KafkaPrincipal> administrators;

    /** @param administrators asked on any thread */
    SharedAuthorizer(Authorizer lists, Predicate<KafkaPrincipal> administrators) {
        this.lists = lists;
        this.administrators = administrators;
    }

    @Override
    public List<AuthorizationResult> authorize(AuthorizableRequestContext context, List<Action> actions) {
        return administrators.test(context.principal())
                ? Collections.nCopies(actions.size(), AuthorizationResult.ALLOWED)
                : lists.authorize(context, actions);
    }

    @Override
    public Iterable<AclBinding> acls(AclBindingFilter filter) {
        return lists.acls(filter);
    }

    @Override
    public Map<Endpoint, ? extends CompletionStage<Void>> start(AuthorizerServerInfo server) {
        return Map.of();
    }

    @Override
    public List<? extends CompletionStage<AclCreateResult>> createAcls(AuthorizableRequestContext context,
            List<AclBinding> bindings) {
        return List.of(CompletableFuture.failedFuture(new UnsupportedOperationException("changed elsewhere")));
    }

    @Override
    public List<? extends CompletionStage<AclDeleteResult>> deleteAcls(AuthorizableRequestContext context,
            List<AclBindingFilter> filters) {
        return List.of(CompletableFuture.failedFuture(new UnsupportedOperationException("changed elsewhere")));
    }

    @Override
    public void configure(Map<String, ?> configs) {}

    @Override
    public void close() {}
}
