// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import io.relais.broker.exchange.DefaultExchange;
import io.relais.broker.exchange.Exchange;
import io.relais.broker.queue.QueueArguments;
import io.relais.broker.security.Permission.Access;

/**
 * Declares, checks and deletes exchanges for one session, with the checks and texts of RabbitMQ 3.10, in its order.
 *
 * <p>Thread: the owner.
 */
final class ExchangeCommands {
    private static final String ALTERNATE = "alternate-exchange";

    private final VirtualHost vhost;
    private final SessionAccess access;

    ExchangeCommands(VirtualHost vhost, SessionAccess access) {
        this.vhost = vhost;
        this.access = access;
    }

    void declare(ExchangeDeclaration declaration, Changes changes) throws RefusedException {
        Exchange.Type type = Exchange.Type.of(declaration.type());
        if (type == null) {
            throw new RefusedException(
                    new Refusal.CommandInvalid("unknown exchange type '" + declaration.type() + "'"));
        }
        String name = ResourceNames.clean(declaration.name());
        checkNotDefault(name);
        access.checkExchange(Access.CONFIGURE, name);
        Arguments arguments = Arguments.of(declaration.arguments());
        Exchange.Traits asked = new Exchange.Traits(name, type, declaration.durable(), declaration.autoDelete(),
                declaration.internal(), arguments);
        Exchange current = vhost.topology().exchange(name);
        if (current != null) {
            checkEquivalent(current.traits(), asked);
            return;
        }
        ResourceNames.checkNotReserved("exchange", name);
        ResourceNames.checkSize(arguments);
        checkAlternate(name, arguments);
        vhost.topology().add(Exchange.create(asked), changes);
    }

    private void checkAlternate(String name, Arguments arguments) throws RefusedException {
        if (!arguments.has(ALTERNATE)) {
            return;
        }
        if (!(arguments.get(ALTERNATE) instanceof String alternate)) {
            throw RefusedException.preconditionFailed("invalid type '" + FieldValues.typeName(arguments.get(ALTERNATE))
                    + "' for arg '" + ALTERNATE + "' in " + vhost.exchangeText(name));
        }
        access.checkExchange(Access.READ, name);
        access.checkExchange(Access.WRITE, alternate);
    }

    private void checkEquivalent(Exchange.Traits current, Exchange.Traits asked) throws RefusedException {
        String what = vhost.exchangeText(current.name());
        checkSame(what, "type", current.type(), asked.type());
        checkSame(what, "durable", current.durable(), asked.durable());
        checkSame(what, "auto_delete", current.autoDelete(), asked.autoDelete());
        checkSame(what, "internal", current.internal(), asked.internal());
        QueueArguments.checkEquivalent(what, ALTERNATE, current.arguments(), asked.arguments());
    }

    private static void checkSame(String what, String property, Object current, Object asked)
            throws RefusedException {
        if (!current.equals(asked)) {
            throw QueueArguments.inequivalent(what, property, "'" + asked + "'", "'" + current + "'");
        }
    }

    void check(String name) throws RefusedException {
        String cleaned = ResourceNames.clean(name);
        checkNotDefault(cleaned);
        vhost.requireExchange(cleaned);
    }

    void delete(String name, boolean ifUnused, Changes changes) throws RefusedException {
        String cleaned = ResourceNames.clean(name);
        checkNotDefault(cleaned);
        if (cleaned.startsWith("amq.")) {
            throw RefusedException
                    .accessRefused("deletion of system " + vhost.exchangeText(cleaned) + " not allowed");
        }
        access.checkExchange(Access.CONFIGURE, cleaned);
        Exchange exchange = vhost.topology().exchange(cleaned);
        if (exchange == null) {
            return;
        }
        if (ifUnused && !exchange.isUnused()) {
            throw RefusedException.preconditionFailed(vhost.exchangeText(cleaned) + " in use");
        }
        vhost.topology().remove(exchange, changes);
    }

    static void checkNotDefault(String name) throws RefusedException {
        if (name.equals(DefaultExchange.NAME)) {
            throw RefusedException.accessRefused("operation not permitted on the default exchange");
        }
    }
}
