// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import static io.relais.broker.TestClient.exchange;
import static io.relais.broker.TestClient.queue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ten thousand queues and a hundred thousand bindings. If any change cost a look at all of them, these tests would take hours. */
class LargeTopologyTest {
    private static final int QUEUES = 10_000;
    private static final int BINDINGS_EACH = 10;

    private final SimulatedBroker broker = SimulatedBroker.start();
    private final TestClient client = broker.client();

    @AfterEach
    void stop() {
        broker.close();
    }

    private void bind(String queue, String exchange, String key) {
        Answer<@Nullable Void> bound = new Answer<>();
        client.session().bindQueue(queue, exchange, key, Map.of(), bound);
        bound.value();
    }

    @Test
    void areDeclaredBoundReachedAndDeleted() {
        client.declare(exchange("topics", "topic"), exchange("keys", "direct"), exchange("all", "fanout"));
        for (int q = 0; q < QUEUES; q++) {
            client.declare(queue("q" + q));
            bind("q" + q, "all", "");
            bind("q" + q, "keys", "one for all");
            for (int b = 2; b < BINDINGS_EACH; b++) {
                bind("q" + q, "topics", "region" + b + ".*.device" + q);
            }
        }

        for (int q = 0; q < QUEUES; q += 1_000) {
            assertThat(client.publish("topics", "region5.x.device" + q, "m")).isEqualTo(PublishOutcome.Kind.ROUTED);
            assertThat(client.get("q" + q)).isEqualTo("m");
        }

        for (int q = 0; q < QUEUES; q++) {
            client.deleteQueue("q" + q);
        }
        assertThat(client.publish("all", "", "")).isEqualTo(PublishOutcome.Kind.UNROUTABLE);
        assertThat(client.publish("keys", "one for all", "")).isEqualTo(PublishOutcome.Kind.UNROUTABLE);
    }
}
