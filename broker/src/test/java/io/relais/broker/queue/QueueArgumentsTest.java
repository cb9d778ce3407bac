// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.relais.broker.Arguments;
import io.relais.broker.Refusal;
import io.relais.broker.RefusedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arguments of queue.declare; the texts are those of RabbitMQ 3.10.8. */
class QueueArgumentsTest {
    private static final String QUEUE = "queue 'q' in vhost '/'";

    private static Arguments arguments(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> table = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            table.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return Arguments.of(table);
    }

    private static Arguments quorum(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> table = new LinkedHashMap<>(arguments(namesAndValues).values());
        table.put("x-queue-type", "quorum");
        return Arguments.of(table);
    }

    record Wrong(Arguments arguments, String text) {
        static Wrong value(Arguments arguments, String argument, String problem) {
            return new Wrong(arguments, "invalid arg '" + argument + "' for " + QUEUE + ": " + problem);
        }

        static Wrong type(Arguments arguments, String argument, String type) {
            return new Wrong(arguments, "invalid arg '" + argument + "' for " + QUEUE + " of queue type " + type);
        }
    }

    static List<Wrong> wrong() {
        return List.of(Wrong.value(arguments("x-message-ttl", -1), "x-message-ttl", "{value_negative,-1}"),
                Wrong.value(arguments("x-message-ttl", 315_360_000_001L), "x-message-ttl",
                        "{value_too_large,315360000001}"),
                Wrong.value(arguments("x-message-ttl", "5"), "x-message-ttl", "\"expected integer, got longstr\""),
                Wrong.value(arguments("x-message-ttl", null), "x-message-ttl", "\"expected integer, got void\""),
                Wrong.value(arguments("x-message-ttl", List.of(1)), "x-message-ttl",
                        "\"expected integer, got array\""),
                Wrong.value(arguments("x-expires", 0), "x-expires", "{value_zero,0}"),
                Wrong.value(arguments("x-expires", -1, "x-message-ttl", -1), "x-expires", "{value_negative,-1}"),
                Wrong.value(arguments("x-max-length", true), "x-max-length", "\"expected integer, got bool\""),
                Wrong.value(arguments("x-max-length-bytes", -5), "x-max-length-bytes", "{value_negative,-5}"),
                Wrong.value(arguments("x-max-priority", 300), "x-max-priority", "{max_value_exceeded,300}"),
                Wrong.value(arguments("x-dead-letter-routing-key", "k"), "x-dead-letter-routing-key",
                        "routing_key_but_no_dlx_defined"),
                Wrong.value(arguments("x-dead-letter-routing-key", 5), "x-dead-letter-routing-key",
                        "{unacceptable_type,signedint}"),
                Wrong.value(arguments("x-overflow", "other"), "x-overflow", "invalid_overflow"),
                Wrong.value(arguments("x-overflow", null), "x-overflow", "{unacceptable_type,void}"),
                Wrong.value(arguments("x-queue-type", "x", "x-max-length", -1), "x-queue-type",
                        "\"unsupported queue type 'x'\""),
                Wrong.value(arguments("x-queue-type", 5), "x-queue-type", "{unacceptable_type,signedint}"),
                Wrong.value(arguments("x-queue-mode", "x"), "x-queue-mode", "\"unsupported queue mode 'x'\""),
                Wrong.value(arguments("x-queue-version", 3), "x-queue-version",
                        "\"unsupported queue version '3'\""),
                Wrong.value(arguments("x-single-active-consumer", "true"), "x-single-active-consumer",
                        "{unacceptable_type,longstr}"),
                Wrong.value(quorum("x-quorum-initial-group-size", 0), "x-quorum-initial-group-size",
                        "{value_zero,0}"),
                Wrong.value(quorum("x-dead-letter-strategy", "x"), "x-dead-letter-strategy",
                        "invalid_dlx_strategy"),
                Wrong.value(quorum("x-queue-leader-locator", "x"), "x-queue-leader-locator",
                        "invalid_queue_locator_arg"),
                Wrong.type(arguments("x-delivery-limit", 5), "x-delivery-limit", "rabbit_classic_queue"),
                Wrong.type(arguments("x-max-age", "1D"), "x-max-age", "rabbit_classic_queue"),
                Wrong.type(quorum("x-queue-mode", "lazy"), "x-queue-mode", "rabbit_quorum_queue"),
                Wrong.type(quorum("x-max-priority", 5), "x-max-priority", "rabbit_quorum_queue"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongArgumentIsRefusedInRabbitMqsWords(Wrong wrong) {
        assertThatThrownBy(() -> QueueArguments.parse(QUEUE, wrong.arguments()))
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.refusal())
                        .isEqualTo(new Refusal.PreconditionFailed(wrong.text())));
    }

    static List<Arguments> notOffered() {
        return List.of(arguments("x-max-priority", 5), arguments("x-single-active-consumer", true),
                arguments("x-queue-type", "stream"), quorum("x-single-active-consumer", true));
    }

    @ParameterizedTest
    @MethodSource("notOffered")
    void whatComesLaterIsRefusedAndNotIgnored(Arguments arguments) {
        assertThatThrownBy(() -> QueueArguments.parse(QUEUE, arguments))
                .isInstanceOfSatisfying(RefusedException.class,
                        refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.NotImplemented.class))
                .hasMessageContaining("not offered yet");
    }

    @Test
    void everyArgumentEndsUpInTheSettings() throws RefusedException {
        assertThat(QueueArguments.parse(QUEUE, Arguments.NONE)).isEqualTo(QueueSettings.NONE);
        assertThat(QueueArguments.parse(QUEUE,
                arguments("x-message-ttl", 5, "x-expires", 6L, "x-dead-letter-exchange", "d",
                        "x-dead-letter-routing-key", "k", "x-max-length", (short) 7, "x-max-length-bytes", (byte) 8,
                        "x-overflow", "reject-publish-dlx", "x-foo", "anything", "x-queue-mode", "lazy")))
                .isEqualTo(new QueueSettings(QueueSettings.Type.CLASSIC, 5, 6, "d", "k", 7, 8,
                        QueueSettings.Overflow.REJECT_PUBLISH_DLX, -1));
        assertThat(QueueArguments.parse(QUEUE, quorum("x-delivery-limit", 3, "x-overflow", "reject-publish")))
                .isEqualTo(new QueueSettings(QueueSettings.Type.QUORUM, -1, -1, null, null, -1, -1,
                        QueueSettings.Overflow.REJECT_PUBLISH, 3));
    }

    @Test
    void integersOfAnySizeAreEquivalentAndUnknownArgumentsDoNotCount() throws RefusedException {
        QueueArguments.checkEquivalent(QUEUE, arguments("x-message-ttl", 5), arguments("x-message-ttl", 5L));
        QueueArguments.checkEquivalent(QUEUE, arguments("x-foo", "a"), arguments("x-foo", "b"));
        QueueArguments.checkEquivalent(QUEUE, Arguments.NONE, arguments("x-queue-type", "classic"));
        QueueArguments.checkEquivalent(QUEUE, arguments("x-queue-type", "classic"), Arguments.NONE);
    }

    record Different(Arguments current, Arguments received, String text) {}

    static List<Different> different() {
        String ttl = "inequivalent arg 'x-message-ttl' for " + QUEUE + ": received ";
        String type = "inequivalent arg 'x-queue-type' for " + QUEUE + ": received ";
        return List.of(
                new Different(arguments("x-message-ttl", 5), arguments("x-message-ttl", 6),
                        ttl + "'6' but current is '5'"),
                new Different(arguments("x-message-ttl", 5), Arguments.NONE,
                        ttl + "none but current is the value '5' of type 'signedint'"),
                new Different(Arguments.NONE, arguments("x-message-ttl", 5),
                        ttl + "the value '5' of type 'signedint' but current is none"),
                new Different(arguments("x-message-ttl", 5), arguments("x-message-ttl", "abc"),
                        ttl + "'abc' but current is '5'"),
                new Different(Arguments.NONE, quorum(),
                        type + "the value 'quorum' of type 'longstr' but current is none"),
                new Different(quorum(), Arguments.NONE,
                        type + "none but current is the value 'quorum' of type 'longstr'"));
    }

    @ParameterizedTest
    @MethodSource("different")
    void aSecondDeclarationThatDiffersIsRefusedInRabbitMqsWords(Different different) {
        assertThatThrownBy(
                () -> QueueArguments.checkEquivalent(QUEUE, different.current(), different.received()))
                .hasMessage(different.text());
    }
}
