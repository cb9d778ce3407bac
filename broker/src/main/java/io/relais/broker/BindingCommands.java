// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import io.relais.broker.exchange.Binding;
import io.relais.broker.exchange.Exchange;
import io.relais.broker.exchange.HeadersMatch;
import io.relais.broker.security.Permission.Access;
import org.jspecify.annotations.Nullable;

/**
 * Binds and unbinds queues and exchanges for one session, with the checks and texts of RabbitMQ 3.10, in its order.
 *
 * <p>Thread: the owner.
 */
final class BindingCommands {
    private final VirtualHost vhost;
    private final SessionAccess access;
    private final QueueCommands queues;

    /** A binding as a client names it. */
    record Request(boolean toQueue, String destination, String source, String routingKey, Arguments arguments) {
        Request {
            destination = ResourceNames.clean(destination);
            source = ResourceNames.clean(source);
        }
    }

    BindingCommands(VirtualHost vhost, SessionAccess access, QueueCommands queues) {
        this.vhost = vhost;
        this.access = access;
        this.queues = queues;
    }

    void bind(Request request, Changes changes) throws RefusedException {
        checkAccess(request);
        Exchange source = vhost.requireExchange(request.source());
        if (request.toQueue()) {
            queues.checkUsable(vhost.requireQueue(request.destination()));
        } else {
            vhost.requireExchange(request.destination());
        }
        checkArguments(source, request.arguments());
        Binding binding = find(request);
        if (binding != null) {
            vhost.topology().add(binding, changes);
        }
    }

    void unbind(Request request, Changes changes) throws RefusedException {
        checkAccess(request);
        Binding binding = find(request);
        if (binding != null && binding.source().contains(binding)) {
            if (request.toQueue()) {
                queues.checkUsable(vhost.requireQueue(request.destination()));
            }
            vhost.topology().remove(binding, changes);
        }
    }

    private @Nullable Binding find(Request request) {
        return vhost.topology().binding(request.source(), request.toQueue(), request.destination(),
                request.routingKey(), request.arguments());
    }

    private void checkAccess(Request request) throws RefusedException {
        if (request.toQueue()) {
            access.checkQueue(Access.WRITE, request.destination());
        } else {
            access.checkExchange(Access.WRITE, request.destination());
            ExchangeCommands.checkNotDefault(request.destination());
        }
        ExchangeCommands.checkNotDefault(request.source());
        access.checkExchange(Access.READ, request.source());
    }

    private static void checkArguments(Exchange source, Arguments arguments) throws RefusedException {
        ResourceNames.checkSize(arguments);
        if (source.traits().type() == Exchange.Type.HEADERS) {
            String problem = HeadersMatch.problem(arguments);
            if (problem != null) {
                throw RefusedException.preconditionFailed(problem);
            }
        }
    }
}
