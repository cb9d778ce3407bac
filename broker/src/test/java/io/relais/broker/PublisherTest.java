// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import static io.relais.broker.TestClient.exchange;
import static io.relais.broker.TestClient.queue;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;

import com.sun.management.ThreadMXBean;
import io.relais.broker.PublishOutcome.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What publishing costs, and what it remembers. */
class PublisherTest {
    private static final int MESSAGES = 10_000;

    private final SimulatedBroker broker = SimulatedBroker.start();
    private final TestClient client = broker.client();

    @AfterEach
    void stop() {
        broker.close();
    }

    private long bytesFor(List<Message> messages) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (Message message : messages) {
            client.session().publish(message);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < MESSAGES; i++) {
            client.session().publish(messages.get(i % messages.size()));
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** Messages that no queue takes: what is left is permission, lookup and routing. */
    @Test
    void findingTheRouteAgainAllocatesNothing() {
        Message same = TestClient.message("amq.topic", "a.b", "", Map.of());
        Message other = TestClient.message("amq.topic", "a.c", "", Map.of());
        Message elsewhere = TestClient.message("amq.direct", "a", "", Map.of());
        Message byName = TestClient.message("", "absent", "", Map.of());

        assertThat(bytesFor(List.of(same))).as("bytes for %d messages", MESSAGES).isLessThan(MESSAGES);
        assertThat(bytesFor(List.of(same, other, elsewhere, byName))).as("bytes for %d messages", MESSAGES)
                .isLessThan(MESSAGES);
    }

    @Test
    void anExchangeThatWasReplacedIsNotMistakenForTheOldOne() {
        client.declare(queue("q"));
        client.declare(exchange("x", "fanout"));
        client.bind("q", "x", "");
        assertThat(client.publish("x", "k", "")).isEqualTo(Kind.ROUTED);

        client.deleteExchange("x");
        assertThat(client.publish("x", "k", "", Map.of()).kind()).isEqualTo(Kind.REFUSED);

        client.declare(exchange("x", "fanout"));
        assertThat(client.publish("x", "k", "")).isEqualTo(Kind.UNROUTABLE);
    }

    @Test
    void aFullQueueThatRefusesIsTold() {
        client.declare(queue("q", Map.of("x-max-length", 1, "x-overflow", "reject-publish")));

        assertThat(client.publish("", "q", "")).isEqualTo(Kind.ROUTED);
        assertThat(client.publish("", "q", "")).isEqualTo(Kind.REJECTED);
    }

    @Test
    void manyKeysAreRoutedRightThoughNotAllAreRemembered() {
        client.declare(queue("q"));
        client.bind("q", "amq.topic", "even.#");

        for (int i = 0; i < 40_000; i++) {
            String key = (i % 2 == 0 ? "even." : "odd.") + i;
            client.session().publish(TestClient.message("amq.topic", key, "", Map.of()));
        }
        broker.settle();

        Answer<QueueStatus> status = client.run((session, reply) -> session.checkQueue("q", reply));
        assertThat(status.value()).isEqualTo(new QueueStatus("q", 20_000, 0));
    }
}
