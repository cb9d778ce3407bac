// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import static io.relais.broker.queue.QueueSettings.Type.CLASSIC;
import static io.relais.broker.queue.QueueSettings.Type.QUORUM;

import java.util.Set;

import io.relais.broker.Arguments;
import io.relais.broker.FieldValues;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of queue.declare that RabbitMQ 3.10 knows, in the order in which it checks them: for which types of queue, and with which values. Any other argument is kept and means nothing.
 */
@SuppressWarnings("ImmutableEnumChecker") // functions without state and immutable sets are immutable, which the checker cannot see
enum QueueArgument {
    EXPIRES("x-expires", QueueArgument::positiveTime, CLASSIC, QUORUM), MESSAGE_TTL("x-message-ttl",
            QueueArgument::time, CLASSIC, QUORUM), DEAD_LETTER_EXCHANGE("x-dead-letter-exchange",
                    QueueArgument::text, CLASSIC, QUORUM), DEAD_LETTER_ROUTING_KEY(
                            "x-dead-letter-routing-key", QueueArgument::deadLetterRoutingKey, CLASSIC,
                            QUORUM), DEAD_LETTER_STRATEGY("x-dead-letter-strategy",
                                    oneOf("invalid_dlx_strategy", "at-most-once", "at-least-once"),
                                    QUORUM), MAX_LENGTH("x-max-length", QueueArgument::notNegative, CLASSIC,
                                            QUORUM), MAX_LENGTH_BYTES("x-max-length-bytes",
                                                    QueueArgument::notNegative, CLASSIC,
                                                    QUORUM), MAX_IN_MEMORY_LENGTH("x-max-in-memory-length",
                                                            QueueArgument::notNegative,
                                                            QUORUM), MAX_IN_MEMORY_BYTES("x-max-in-memory-bytes",
                                                                    QueueArgument::notNegative,
                                                                    QUORUM), MAX_PRIORITY("x-max-priority",
                                                                            QueueArgument::priority,
                                                                            CLASSIC), OVERFLOW("x-overflow",
                                                                                    oneOf("invalid_overflow",
                                                                                            "drop-head",
                                                                                            "reject-publish",
                                                                                            "reject-publish-dlx"),
                                                                                    CLASSIC,
                                                                                    QUORUM), MODE("x-queue-mode",
                                                                                            QueueArgument::mode,
                                                                                            CLASSIC), VERSION(
                                                                                                    "x-queue-version",
                                                                                                    QueueArgument::version,
                                                                                                    CLASSIC), SINGLE_ACTIVE_CONSUMER(
                                                                                                            "x-single-active-consumer",
                                                                                                            QueueArgument::flag,
                                                                                                            CLASSIC,
                                                                                                            QUORUM), TYPE(
                                                                                                                    "x-queue-type",
                                                                                                                    QueueArgument::type,
                                                                                                                    CLASSIC,
                                                                                                                    QUORUM), INITIAL_GROUP_SIZE(
                                                                                                                            "x-quorum-initial-group-size",
                                                                                                                            QueueArgument::positive,
                                                                                                                            QUORUM), DELIVERY_LIMIT(
                                                                                                                                    "x-delivery-limit",
                                                                                                                                    (value, all) -> null,
                                                                                                                                    QUORUM), LEADER_LOCATOR(
                                                                                                                                            "x-queue-leader-locator",
                                                                                                                                            oneOf("invalid_queue_locator_arg",
                                                                                                                                                    "client-local",
                                                                                                                                                    "balanced",
                                                                                                                                                    "random",
                                                                                                                                                    "least-leaders"),
                                                                                                                                            QUORUM), MASTER_LOCATOR(
                                                                                                                                                    "x-queue-master-locator",
                                                                                                                                                    oneOf("invalid_queue_locator_arg",
                                                                                                                                                            "client-local",
                                                                                                                                                            "random",
                                                                                                                                                            "min-masters"),
                                                                                                                                                    CLASSIC), MAX_AGE(
                                                                                                                                                            "x-max-age",
                                                                                                                                                            (value, all) -> null), SEGMENT_BYTES(
                                                                                                                                                                    "x-stream-max-segment-size-bytes",
                                                                                                                                                                    (value, all) -> null), INITIAL_CLUSTER_SIZE(
                                                                                                                                                                            "x-initial-cluster-size",
                                                                                                                                                                            (value, all) -> null);

    /** Ten years, the longest time RabbitMQ takes. */
    private static final long TIME_MAX_MS = 10L * 365 * 86_400 * 1_000;
    private static final int PRIORITY_MAX = 255;

    private final String text;
    private final Check check;
    private final Set<QueueSettings.Type> types;

    /** Says what is wrong with a value, as an Erlang term; null where nothing is. */
    private interface Check {
        @Nullable
        String problem(@Nullable Object value, Arguments all);
    }

    QueueArgument(String text, Check check, QueueSettings.Type... types) {
        this.text = text;
        this.check = check;
        this.types = Set.of(types);
    }

    boolean appliesTo(QueueSettings.Type type) {
        return types.contains(type);
    }

    boolean isIn(Arguments arguments) {
        return arguments.has(text);
    }

    @Nullable
    Object value(Arguments arguments) {
        return arguments.get(text);
    }

    /** What is wrong with the value given, as an Erlang term; null where nothing is. */
    @Nullable
    String problem(Arguments arguments) {
        return isIn(arguments) ? check.problem(value(arguments), arguments) : null;
    }

    @Override
    public String toString() {
        return text;
    }

    private static @Nullable String integer(@Nullable Object value) {
        return FieldValues.isInteger(value) ? null : "\"expected integer, got " + FieldValues.typeName(value) + "\"";
    }

    private static @Nullable String notNegative(@Nullable Object value, Arguments all) {
        if (value instanceof Number number && FieldValues.isInteger(value)) {
            return number.longValue() < 0 ? "{value_negative," + number + "}" : null;
        }
        return integer(value);
    }

    private static @Nullable String positive(@Nullable Object value, Arguments all) {
        return value instanceof Number number && FieldValues.isInteger(value) && number.longValue() == 0
                ? "{value_zero,0}"
                : notNegative(value, all);
    }

    private static @Nullable String time(@Nullable Object value, Arguments all) {
        return value instanceof Number number && FieldValues.isInteger(value) && number.longValue() > TIME_MAX_MS
                ? "{value_too_large," + number + "}"
                : notNegative(value, all);
    }

    private static @Nullable String positiveTime(@Nullable Object value, Arguments all) {
        String problem = positive(value, all);
        return problem != null ? problem : time(value, all);
    }

    private static @Nullable String priority(@Nullable Object value, Arguments all) {
        return value instanceof Number number && FieldValues.isInteger(value) && number.longValue() > PRIORITY_MAX
                ? "{max_value_exceeded," + number + "}"
                : notNegative(value, all);
    }

    private static @Nullable String text(@Nullable Object value, Arguments all) {
        return value instanceof String ? null : unacceptable(value);
    }

    private static @Nullable String flag(@Nullable Object value, Arguments all) {
        return value instanceof Boolean ? null : unacceptable(value);
    }

    private static @Nullable String deadLetterRoutingKey(@Nullable Object value, Arguments all) {
        if (!(value instanceof String)) {
            return unacceptable(value);
        }
        return DEAD_LETTER_EXCHANGE.isIn(all) ? null : "routing_key_but_no_dlx_defined";
    }

    private static @Nullable String mode(@Nullable Object value, Arguments all) {
        return !(value instanceof String mode)
                ? unacceptable(value)
                : mode.equals("default") || mode.equals("lazy") ? null : "\"unsupported queue mode '" + mode + "'\"";
    }

    private static @Nullable String version(@Nullable Object value, Arguments all) {
        if (value instanceof Number number && FieldValues.isInteger(value)) {
            return number.longValue() == 1 || number.longValue() == 2
                    ? null
                    : "\"unsupported queue version '" + number + "'\"";
        }
        return integer(value);
    }

    private static @Nullable String type(@Nullable Object value, Arguments all) {
        if (!(value instanceof String type)) {
            return unacceptable(value);
        }
        return switch (type) {
            case "classic", "quorum", "stream" -> null;
            default -> "\"unsupported queue type '" + type + "'\"";
        };
    }

    private static Check oneOf(String problem, String... texts) {
        Set<String> accepted = Set.of(texts);
        return (value, all) -> !(value instanceof String text)
                ? unacceptable(value)
                : accepted.contains(text) ? null : problem;
    }

    private static String unacceptable(@Nullable Object value) {
        return "{unacceptable_type," + FieldValues.typeName(value) + "}";
    }
}
