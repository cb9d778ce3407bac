// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import io.relais.broker.Arguments;
import io.relais.broker.FieldValues;
import io.relais.broker.Refusal;
import io.relais.broker.RefusedException;
import io.relais.broker.queue.QueueSettings.Overflow;
import org.jspecify.annotations.Nullable;

/**
 * Reads the arguments of a queue's declaration, and compares those of a second declaration with them, with the texts of RabbitMQ 3.10.
 *
 * <p>What RabbitMQ offers and this broker does not yet (streams, priorities, a single active consumer) is refused, never ignored.
 */
public final class QueueArguments {
    private QueueArguments() {}

    /**
     * The settings that arguments ask for.
     *
     * @param queue as texts name it, such as {@code queue 'q' in vhost '/'}
     */
    public static QueueSettings parse(String queue, Arguments arguments) throws RefusedException {
        check(queue, QueueArgument.TYPE, arguments);
        if ("stream".equals(QueueArgument.TYPE.value(arguments))) {
            throw notOffered("queue type 'stream'", queue);
        }
        QueueSettings.Type type = type(arguments);
        for (QueueArgument argument : QueueArgument.values()) {
            if (argument.appliesTo(type)) {
                check(queue, argument, arguments);
            }
        }
        for (QueueArgument argument : QueueArgument.values()) {
            if (!argument.appliesTo(type) && argument.isIn(arguments)) {
                throw RefusedException.preconditionFailed(
                        "invalid arg '" + argument + "' for " + queue + " of queue type " + moduleName(type));
            }
        }
        refuseWhatIsNotOffered(queue, arguments);
        return settings(type, arguments);
    }

    /** Refuses a quorum queue that could not survive. Transient, exclusive or auto-delete ones do not exist in RabbitMQ. */
    public static void checkQuorum(String queue, boolean durable, boolean exclusive, boolean autoDelete)
            throws RefusedException {
        String property = autoDelete ? "auto-delete" : exclusive ? "exclusive-owner" : durable ? null : "non-durable";
        if (property != null) {
            throw RefusedException.preconditionFailed("invalid property '" + property + "' for " + queue);
        }
    }

    /** Refuses a second declaration whose arguments ask for another queue than there is. */
    public static void checkEquivalent(String queue, Arguments current, Arguments received) throws RefusedException {
        QueueSettings.Type type = type(current);
        for (QueueArgument argument : QueueArgument.values()) {
            if (argument.appliesTo(type) && !isSameType(argument, current, received)) {
                checkEquivalent(queue, argument.toString(), current, received);
            }
        }
    }

    /** No type given means classic: the one argument with a default that RabbitMQ sees through. */
    private static boolean isSameType(QueueArgument argument, Arguments current, Arguments received) {
        return argument == QueueArgument.TYPE && type(current) == QueueSettings.Type.CLASSIC
                && (!argument.isIn(received) || "classic".equals(argument.value(received)));
    }

    /** Refuses where one argument differs. */
    public static void checkEquivalent(String what, String argument, Arguments current, Arguments received)
            throws RefusedException {
        boolean had = current.has(argument);
        boolean has = received.has(argument);
        Object old = current.get(argument);
        Object asked = received.get(argument);
        if (had != has) {
            throw inequivalent(what, argument, typed(has, asked), typed(had, old));
        }
        if (had && !FieldValues.equivalent(old, asked)) {
            throw inequivalent(what, argument, FieldValues.quoted(asked), FieldValues.quoted(old));
        }
    }

    /** What RabbitMQ says of a declaration that differs from an earlier one. */
    public static RefusedException inequivalent(String what, String argument, String received, String current) {
        return RefusedException.preconditionFailed("inequivalent arg '" + argument + "' for " + what + ": received "
                + received + " but current is " + current);
    }

    private static String typed(boolean given, @Nullable Object value) {
        return given
                ? "the value " + FieldValues.quoted(value) + " of type '" + FieldValues.typeName(value) + "'"
                : "none";
    }

    /** The type that arguments ask for; classic where they do not say. */
    public static QueueSettings.Type type(Arguments arguments) {
        return "quorum".equals(QueueArgument.TYPE.value(arguments))
                ? QueueSettings.Type.QUORUM
                : QueueSettings.Type.CLASSIC;
    }

    /** The type as RabbitMQ names it in its texts. */
    public static String moduleName(QueueSettings.Type type) {
        return type == QueueSettings.Type.QUORUM ? "rabbit_quorum_queue" : "rabbit_classic_queue";
    }

    private static void check(String queue, QueueArgument argument, Arguments arguments) throws RefusedException {
        String problem = argument.problem(arguments);
        if (problem != null) {
            throw RefusedException.preconditionFailed("invalid arg '" + argument + "' for " + queue + ": " + problem);
        }
    }

    private static void refuseWhatIsNotOffered(String queue, Arguments arguments) throws RefusedException {
        if (number(QueueArgument.MAX_PRIORITY, arguments) > 0) {
            throw notOffered("x-max-priority", queue);
        }
        if (Boolean.TRUE.equals(QueueArgument.SINGLE_ACTIVE_CONSUMER.value(arguments))) {
            throw notOffered("x-single-active-consumer", queue);
        }
    }

    private static RefusedException notOffered(String what, String queue) {
        return new RefusedException(new Refusal.NotImplemented(what + " for " + queue + " is not offered yet"));
    }

    private static QueueSettings settings(QueueSettings.Type type, Arguments arguments) {
        return new QueueSettings(type, number(QueueArgument.MESSAGE_TTL, arguments),
                number(QueueArgument.EXPIRES, arguments), text(QueueArgument.DEAD_LETTER_EXCHANGE, arguments),
                text(QueueArgument.DEAD_LETTER_ROUTING_KEY, arguments), number(QueueArgument.MAX_LENGTH, arguments),
                number(QueueArgument.MAX_LENGTH_BYTES, arguments), overflow(type, arguments),
                Math.clamp(number(QueueArgument.DELIVERY_LIMIT, arguments), -1, Integer.MAX_VALUE));
    }

    private static Overflow overflow(QueueSettings.Type type, Arguments arguments) {
        return switch (text(QueueArgument.OVERFLOW, arguments)) {
            case "reject-publish" -> Overflow.REJECT_PUBLISH;
            // RabbitMQ takes it for a quorum queue, and then drops from the head.
            case "reject-publish-dlx" ->
                type == QueueSettings.Type.QUORUM ? Overflow.DROP_HEAD : Overflow.REJECT_PUBLISH_DLX;
            case null, default -> Overflow.DROP_HEAD;
        };
    }

    private static long number(QueueArgument argument, Arguments arguments) {
        Object value = argument.value(arguments);
        return value instanceof Number number && FieldValues.isInteger(value) ? number.longValue() : -1;
    }

    private static @Nullable String text(QueueArgument argument, Arguments arguments) {
        return argument.value(arguments) instanceof String text ? text : null;
    }
}
