// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.relais.kafka.partition.TransactionGate;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.server.share.persister.NoOpStatePersister;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Offsets of groups without members go after {@code offsets.retention.minutes}, by the broker's clock. */
class OffsetExpiryTest {
    private static final RequestSource SOMEBODY = new RequestSource("PLAINTEXT", SecurityProtocol.PLAINTEXT,
            KafkaPrincipal.ANONYMOUS, InetAddress.getLoopbackAddress(), ApiKeys.OFFSET_COMMIT.id,
            ApiKeys.OFFSET_COMMIT.latestVersion(), "test", 1);

    @TempDir
    Path folder;

    @Test
    void anOffsetThatNobodyRenewsExpires() {
        try (LiveNode node = LiveNode.start(folder).topic("orders", 1)) {
            GroupHost host = node.onOwner(() -> new GroupHost(node.groups().context(),
                    GroupSettings.of(Map.of("offsets.retention.minutes", "10",
                            "offsets.retention.check.interval.ms", "20")),
                    GroupAccess.OPEN, new NoOpStatePersister(), TransactionGate.OPEN));
            OffsetCommitRequestData commit = new OffsetCommitRequestData().setGroupId("billing")
                    .setTopics(List.of(new OffsetCommitRequestTopic().setName("orders")
                            .setTopicId(node.topicId("orders"))
                            .setPartitions(List.of(new OffsetCommitRequestPartition().setPartitionIndex(0)
                                    .setCommittedOffset(3).setCommittedMetadata("")))));
            node.await(() -> host.coordinator().thenCompose(
                    coordinator -> coordinator.commitOffsets(SOMEBODY, commit, BufferSupplier.NO_CACHING)));
            node.advance(9 * 60_000);
            assertThat(offsets(node, host).topics()).hasSize(1);

            node.advance(2 * 60_000);

            for (int tries = 0; !offsets(node, host).topics().isEmpty(); tries++) {
                assertThat(tries).isLessThan(100_000);
            }
            node.<@Nullable Void>await(host::close);
        }
    }

    private static OffsetFetchResponseGroup offsets(LiveNode node, GroupHost host) {
        return node.await(() -> host.coordinator().thenCompose(coordinator -> coordinator.fetchOffsets(SOMEBODY,
                new OffsetFetchRequestGroup().setGroupId("billing").setTopics(null), false)));
    }
}
