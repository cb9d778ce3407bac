// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;

import io.relais.kafka.group.LiveNode;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Share groups by Kafka's own share consumer, over a socket. */
class ShareConsumerTest {

    @Test
    void acceptedRecordsNeverComeBack_evenAfterARestart(@TempDir Path folder) {
        LiveNode node = LiveNode.start(folder).topic("orders", 1);
        ShareClient.configure(node, "workers", Map.of());
        ShareClient.produce(node, "orders", 0, 10);
        try (ShareClient worker = ShareClient.of(node, "workers", "orders")) {
            assertThat(ShareClient.values(worker.receive(10, AcknowledgeType.ACCEPT))).containsExactly("v0", "v1",
                    "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9");
        }

        LiveNode restarted = node.restarted();

        ShareClient.configure(restarted, "workers", Map.of());
        ShareClient.produce(restarted, "orders", 10, 1);
        try (ShareClient worker = ShareClient.of(restarted, "workers", "orders")) {
            assertThat(ShareClient.values(worker.receive(1, AcknowledgeType.ACCEPT))).containsExactly("v10");
        }
        restarted.close();
    }
}
