// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import io.relais.broker.queue.MessageQueue;
import io.relais.broker.queue.QueueArguments;
import io.relais.broker.queue.QueueSettings;
import io.relais.broker.security.Permission.Access;

/**
 * Declares, checks, empties and deletes queues for one session, with the checks and texts of RabbitMQ 3.10, in its order.
 *
 * <p>Thread: the owner.
 */
final class QueueCommands {
    private static final String DEAD_LETTER_EXCHANGE = "x-dead-letter-exchange";

    private final VirtualHost vhost;
    private final SessionAccess access;
    private final LocalSession session;

    QueueCommands(VirtualHost vhost, SessionAccess access, LocalSession session) {
        this.vhost = vhost;
        this.access = access;
        this.session = session;
    }

    QueueStatus declare(QueueDeclaration declaration, Changes changes) throws RefusedException {
        String asked = ResourceNames.clean(declaration.name());
        if (asked.startsWith(DirectReplies.PSEUDO_QUEUE)) {
            return checkDirectReply(asked);
        }
        Arguments arguments = Arguments.of(declaration.arguments());
        boolean durable = declaration.durable() && !declaration.exclusive();
        String name = asked.isEmpty() ? generatedName(arguments) : asked;
        if (!asked.isEmpty()) {
            ResourceNames.checkNotReserved("queue", name);
        }
        access.checkQueue(Access.CONFIGURE, name);
        QueueEntry current = vhost.topology().queue(name);
        if (current != null) {
            checkEquivalent(current, durable, declaration, arguments);
            current.queue().touch();
            return current.status();
        }
        return create(name, durable, declaration, arguments, changes).status();
    }

    private String generatedName(Arguments arguments) throws RefusedException {
        if (QueueArguments.type(arguments) == QueueSettings.Type.QUORUM) {
            throw RefusedException.preconditionFailed("Cannot declare a server-named queue for type "
                    + QueueArguments.moduleName(QueueSettings.Type.QUORUM));
        }
        return ResourceNames.generated(vhost.context().random());
    }

    private QueueEntry create(String name, boolean durable, QueueDeclaration declaration, Arguments arguments,
            Changes changes) throws RefusedException {
        checkDeadLetterExchange(name, arguments);
        QueueSettings settings = QueueArguments.parse(vhost.queueText(name), arguments);
        if (settings.type() == QueueSettings.Type.QUORUM) {
            QueueArguments.checkQuorum(vhost.queueText(name), declaration.durable(), declaration.exclusive(),
                    declaration.autoDelete());
        }
        ResourceNames.checkSize(arguments);
        long logNumber = vhost.context().logNumbers().next();
        MessageQueue queue = new MessageQueue(vhost, vhost.name(), name, logNumber, durable, declaration.autoDelete(),
                settings);
        QueueEntry entry = new QueueEntry(queue, durable, declaration.autoDelete(), arguments,
                declaration.exclusive() ? session : null, logNumber);
        vhost.topology().add(entry, changes);
        if (declaration.exclusive()) {
            session.remember(entry);
        }
        return entry;
    }

    private void checkDeadLetterExchange(String name, Arguments arguments) throws RefusedException {
        if (!arguments.has(DEAD_LETTER_EXCHANGE)) {
            return;
        }
        if (!(arguments.get(DEAD_LETTER_EXCHANGE) instanceof String exchange)) {
            throw RefusedException.preconditionFailed(
                    "invalid type '" + FieldValues.typeName(arguments.get(DEAD_LETTER_EXCHANGE)) + "' for arg '"
                            + DEAD_LETTER_EXCHANGE + "' in " + vhost.queueText(name));
        }
        access.checkQueue(Access.READ, name);
        access.checkExchange(Access.WRITE, exchange);
    }

    private void checkEquivalent(QueueEntry current, boolean durable, QueueDeclaration declaration,
            Arguments arguments) throws RefusedException {
        if (current.exclusiveTo() != (declaration.exclusive() ? session : null)) {
            throw locked(current);
        }
        checkSame(current, "durable", current.durable(), durable);
        checkSame(current, "auto_delete", current.autoDelete(), declaration.autoDelete());
        QueueArguments.checkEquivalent(vhost.queueText(current.name()), current.arguments(), arguments);
    }

    private void checkSame(QueueEntry entry, String property, boolean current, boolean asked)
            throws RefusedException {
        if (current != asked) {
            throw QueueArguments.inequivalent(vhost.queueText(entry.name()), property, "'" + asked + "'",
                    "'" + current + "'");
        }
    }

    QueueStatus check(String name) throws RefusedException {
        String cleaned = ResourceNames.clean(name);
        if (cleaned.startsWith(DirectReplies.PSEUDO_QUEUE)) {
            return checkDirectReply(cleaned);
        }
        return requireUsable(cleaned).status();
    }

    private QueueStatus checkDirectReply(String name) throws RefusedException {
        if (!vhost.directReplies().exists(name)) {
            throw RefusedException.notFound("no " + vhost.queueText(name));
        }
        return new QueueStatus(name, 0, 1);
    }

    long purge(String name) throws RefusedException {
        access.checkQueue(Access.READ, name);
        return requireUsable(name).queue().purge();
    }

    long delete(String name, boolean ifUnused, boolean ifEmpty, Changes changes) throws RefusedException {
        String cleaned = ResourceNames.clean(name);
        access.checkQueue(Access.CONFIGURE, cleaned);
        QueueEntry entry = vhost.topology().queue(cleaned);
        if (entry == null) {
            return 0;
        }
        checkUsable(entry);
        if (ifUnused && entry.queue().consumerCount() > 0) {
            throw RefusedException.preconditionFailed(vhost.queueText(cleaned) + " in use");
        }
        if (ifEmpty && entry.queue().messageCount() > 0) {
            throw RefusedException.preconditionFailed(vhost.queueText(cleaned) + " not empty");
        }
        return vhost.delete(entry, changes);
    }

    /** A queue to consume from. */
    MessageQueue readable(String name) throws RefusedException {
        access.checkQueue(Access.READ, name);
        return requireUsable(name).queue();
    }

    private QueueEntry requireUsable(String name) throws RefusedException {
        QueueEntry entry = vhost.requireQueue(name);
        checkUsable(entry);
        return entry;
    }

    /** Refuses another session's exclusive queue. */
    void checkUsable(QueueEntry entry) throws RefusedException {
        if (entry.exclusiveTo() != null && entry.exclusiveTo() != session) {
            throw locked(entry);
        }
    }

    private RefusedException locked(QueueEntry entry) {
        return new RefusedException(new Refusal.Locked("cannot obtain exclusive access to locked "
                + vhost.queueText(entry.name())
                + ". It could be originally declared on another connection or the exclusive property value does not match that of the original declaration."));
    }

    /** Refuses consumer arguments that are wrong, or that this broker does not offer yet. */
    void checkConsumer(String queue, Arguments arguments) throws RefusedException {
        Object priority = arguments.get("x-priority");
        if (arguments.has("x-priority") && !FieldValues.isInteger(priority)) {
            throw RefusedException.preconditionFailed("invalid arg 'x-priority' for " + vhost.queueText(queue)
                    + ": \"expected integer, got " + FieldValues.typeName(priority) + "\"");
        }
        if (priority instanceof Number number && number.longValue() != 0) {
            throw RefusedException.preconditionFailed(
                    "x-priority for a consumer of " + vhost.queueText(queue) + " is not offered yet");
        }
    }
}
