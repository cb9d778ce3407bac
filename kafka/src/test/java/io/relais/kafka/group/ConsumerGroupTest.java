// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups by Kafka's own Java client, in the classic protocol and in that of KIP-848. */
class ConsumerGroupTest {
    @TempDir
    Path folder;

    private LiveNode node;

    @BeforeEach
    void start() {
        node = LiveNode.start(folder.resolve("data")).topic("orders", 2);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aMemberThatComesBackResumesWhereItCommitted(String protocol) {
        GroupClient.produce(node, "orders", 2, 0, 10);
        try (GroupClient first = GroupClient.of(node, "billing", protocol).subscribe("orders")) {
            assertThat(first.receive(10)).hasSize(10);
            first.consumer.commitSync();
        }
        GroupClient.produce(node, "orders", 2, 10, 4);

        try (GroupClient again = GroupClient.of(node, "billing", protocol).subscribe("orders")) {
            assertThat(again.receive(4)).containsExactlyInAnyOrder("v10", "v11", "v12", "v13");
        }
    }
}
