// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import static io.relais.broker.TestClient.exchange;
import static io.relais.broker.TestClient.queue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where dead-lettered messages go (RabbitMQ: "Dead Letter Exchanges"). */
class DeadLetterRoutingTest {
    private final SimulatedBroker broker = SimulatedBroker.start();
    private final TestClient client = broker.client();

    @AfterEach
    void stop() {
        broker.close();
    }

    /** Takes the first message and refuses it for good. */
    private void reject(String queue) {
        Answer<Session.@Nullable Got> got = client.run((session, reply) -> session.get(queue, false, new Reply<>() {
            @Override
            public void done(Session.@Nullable Got value) {
                Objects.requireNonNull(value).queue().reject(value.delivery().offset());
                reply.done(value);
            }

            @Override
            public void refused(Refusal refusal) {
                reply.refused(refusal);
            }
        }));
        got.value();
    }

    @Test
    void anExpiredMessageIsRoutedByTheDeadLetterExchange() {
        client.declare(exchange("dlx", "topic"));
        client.declare(queue("q", Map.of("x-message-ttl", 10, "x-dead-letter-exchange", "dlx",
                "x-dead-letter-routing-key", "dead.q")), queue("dead"));
        client.bind("dead", "dlx", "dead.#");

        client.publish("", "q", "m");
        broker.advance(11);

        assertThat(client.get("dead")).isEqualTo("m");
    }

    @Test
    void withoutItsExchangeADeadMessageIsDropped() {
        client.declare(queue("q", Map.of("x-message-ttl", 10, "x-dead-letter-exchange", "absent")));

        client.publish("", "q", "m");
        broker.advance(11);

        assertThat(client.get("q")).isNull();
    }

    @Test
    void aMessageThatWouldGoRoundForEverIsDropped() {
        client.declare(
                queue("q1", Map.of("x-message-ttl", 10, "x-dead-letter-exchange", "", "x-dead-letter-routing-key",
                        "q2")),
                queue("q2", Map.of("x-message-ttl", 10, "x-dead-letter-exchange", "", "x-dead-letter-routing-key",
                        "q1")));

        client.publish("", "q1", "m");
        broker.advance(11);
        assertThat(client.<QueueStatus>run((session, reply) -> session.checkQueue("q2", reply)).value())
                .isEqualTo(new QueueStatus("q2", 1, 0));
        broker.advance(11);

        assertThat(client.get("q1")).isNull();
        assertThat(client.get("q2")).isNull();
    }

    @Test
    void aRejectionOnTheWayMakesTheCircleTheClientsOwn() {
        client.declare(
                queue("work", Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "wait")),
                queue("wait", Map.of("x-message-ttl", 10, "x-dead-letter-exchange", "", "x-dead-letter-routing-key",
                        "work")));
        client.publish("", "work", "m");

        for (int attempt = 0; attempt < 3; attempt++) {
            reject("work");
            broker.advance(11);
        }

        Map<String, @Nullable Object> headers = Objects.requireNonNull(client.getHeaders("work"));
        assertThat(headers.get("x-first-death-reason")).isEqualTo("rejected");
        assertThat((List<?>) headers.get("x-death")).hasSize(2)
                .allSatisfy(death -> assertThat(((Map<?, ?>) death).get("count")).isEqualTo(3L));
    }

    @Test
    void copiesAreDeadLetteredToAllTheirKeys() {
        client.declare(exchange("dlx", "direct"));
        client.declare(queue("q", Map.of("x-message-ttl", 10, "x-dead-letter-exchange", "dlx")), queue("a"),
                queue("b"));
        client.bind("q", "amq.direct", "k");
        client.bind("a", "dlx", "k");
        client.bind("b", "dlx", "copy");

        client.publish("amq.direct", "k", "m", Map.of("CC", List.of("copy")));
        broker.settle();
        broker.advance(11);

        assertThat(client.get("a")).isEqualTo("m");
        assertThat(client.get("b")).isEqualTo("m");
    }
}
