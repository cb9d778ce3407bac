// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Closed;
import io.relais.it.fixture.Inbox;
import io.relais.it.fixture.RelaisOnly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What RabbitMQ has and Relais has not yet is refused by name, never silently ignored. */
@AmqpTest
@RelaisOnly("RabbitMQ has these")
class NotOfferedYetTest {

    private static void assertRefusedByName(Closed closed, String name) {
        assertThat(closed.text()).contains(name).endsWith("is not offered yet");
    }

    @ParameterizedTest
    @CsvSource({"x-max-priority, 5", "x-single-active-consumer, true", "x-queue-type, stream"})
    void anArgumentOfAQueueIsRefused(String argument, String value, Amqp amqp) throws Exception {
        String queue = amqp.name("queue");
        Object typed = switch (value) {
            case "5" -> 5;
            case "true" -> true;
            default -> value;
        };

        Closed closed = amqp.refusal(ch -> ch.queueDeclare(queue, true, false, false, Map.of(argument, typed)));

        assertRefusedByName(closed, argument.equals("x-queue-type") ? value : argument);
    }

    @Test
    void thePriorityOfAConsumerIsRefused(Amqp amqp) throws Exception {
        String queue = amqp.queue();

        Closed closed = amqp.refusal(ch -> ch.basicConsume(queue, true, Map.of("x-priority", 5), new Inbox(ch)));

        assertRefusedByName(closed, "x-priority");
    }
}
