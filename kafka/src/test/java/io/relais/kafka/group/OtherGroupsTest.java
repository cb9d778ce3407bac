// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.KeyValue;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members of streams groups, share groups and consumer groups, heartbeat by heartbeat. */
class OtherGroupsTest {
    @TempDir
    Path folder;

    private LiveNode node;
    private RawClient client;

    @BeforeEach
    void start() {
        node = LiveNode.start(folder.resolve("data")).topic("orders", 2);
        client = new RawClient(node);
    }

    @AfterEach
    void stop() {
        client.close();
        node.close();
    }

    private StreamsGroupHeartbeatResponseData streams(String member, int epoch, String source, String changelog) {
        return client.send(new StreamsGroupHeartbeatRequestData().setGroupId("totals").setMemberId(member)
                .setMemberEpoch(epoch).setRebalanceTimeoutMs(10_000).setProcessId("process")
                .setClientTags(List.of()).setActiveTasks(List.of()).setStandbyTasks(List.of())
                .setWarmupTasks(List.of())
                .setTopology(epoch > 0
                        ? null
                        : new Topology().setEpoch(1)
                                .setSubtopologies(List.of(new Subtopology().setSubtopologyId("0")
                                        .setSourceTopics(List.of(source))
                                        .setStateChangelogTopics(List.of(new TopicInfo().setName(changelog)
                                                .setTopicConfigs(List.of(new KeyValue().setKey("cleanup.policy")
                                                        .setValue("compact")))))))),
                StreamsGroupHeartbeatResponseData.class);
    }

    @Test
    void theTopicsThatAStreamsProgramNeedsAreCreatedAndItsTasksAssigned() {
        StreamsGroupHeartbeatResponseData joined = streams("member", 0, "orders", "totals-changelog");
        assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);

        assertThat(node.partitions("totals-changelog")).isEqualTo(2);
        assertThat(node.config("totals-changelog")).containsEntry("cleanup.policy", "compact");
        StreamsGroupHeartbeatResponseData next = joined;
        for (int i = 0; i < 1_000 && (next.activeTasks() == null || next.activeTasks().isEmpty()); i++) {
            next = streams("member", next.memberEpoch(), "orders", "totals-changelog");
            assertThat(Errors.forCode(next.errorCode())).isEqualTo(Errors.NONE);
        }
        assertThat(next.activeTasks()).singleElement()
                .satisfies(tasks -> assertThat(tasks.partitions()).containsExactlyInAnyOrder(0, 1));
    }

    @Test
    void aTopologyOfInternalOrImpossibleTopicsIsInvalid() {
        assertThat(Errors.forCode(streams("m", 0, "__consumer_offsets", "changelog").errorCode()))
                .isEqualTo(Errors.STREAMS_INVALID_TOPOLOGY);
        assertThat(Errors.forCode(streams("m", 0, "orders", "no/slash").errorCode()))
                .isEqualTo(Errors.STREAMS_INVALID_TOPOLOGY);
    }

    @Test
    void aMemberOfAShareGroupIsGivenPartitions() {
        ShareGroupHeartbeatResponseData beat = share(0);
        for (int i = 0; i < 1_000 && (beat.assignment() == null
                || beat.assignment().topicPartitions().isEmpty()); i++) {
            assertThat(Errors.forCode(beat.errorCode())).isEqualTo(Errors.NONE);
            beat = share(beat.memberEpoch());
        }

        assertThat(beat.assignment().topicPartitions()).singleElement()
                .satisfies(topic -> assertThat(topic.partitions()).containsExactlyInAnyOrder(0, 1));
        assertThat(client.send(new ShareGroupDescribeRequestData().setGroupIds(List.of("workers")),
                ShareGroupDescribeResponseData.class).groups()).singleElement()
                .satisfies(group -> assertThat(group.members()).hasSize(1));
    }

    private ShareGroupHeartbeatResponseData share(int epoch) {
        return client.send(
                new ShareGroupHeartbeatRequestData().setGroupId("workers").setMemberId("member").setMemberEpoch(epoch)
                        .setSubscribedTopicNames(epoch == 0 ? List.of("orders") : null),
                ShareGroupHeartbeatResponseData.class);
    }

    private ConsumerGroupHeartbeatResponseData consumer(String group, int epoch) {
        ConsumerGroupHeartbeatRequestData beat = new ConsumerGroupHeartbeatRequestData().setGroupId(group)
                .setMemberId("member").setMemberEpoch(epoch);
        if (epoch == 0) {
            beat.setRebalanceTimeoutMs(10_000).setSubscribedTopicNames(List.of("orders")).setTopicPartitions(List.of());
        }
        return client.send(beat, ConsumerGroupHeartbeatResponseData.class);
    }

    @Test
    void aMemberOfAConsumerGroupGoesOnWithItsEpochAfterTheProcessWasKilled() throws IOException {
        int epoch = consumer("billing", 0).memberEpoch();
        assertThat(epoch).isPositive();
        client.close();

        node = node.killedAndStartedIn(folder.resolve("copy"));
        client = new RawClient(node);

        ConsumerGroupHeartbeatResponseData next = consumer("billing", epoch);
        assertThat(Errors.forCode(next.errorCode())).isEqualTo(Errors.NONE);
        assertThat(next.memberEpoch()).isEqualTo(epoch);
    }

    @Test
    void whatIsConfiguredOfAGroupHoldsForIt() {
        node.onOwner(() -> {
            node.groups().groupConfig("billing", Map.of("consumer.heartbeat.interval.ms", "7000"));
            return null;
        });
        ConsumerGroupHeartbeatResponseData joined = consumer("billing", 0);
        assertThat(joined.heartbeatIntervalMs()).isEqualTo(7_000);
        assertThat(consumer("shipping", 0).heartbeatIntervalMs()).isEqualTo(200);

        node.onOwner(() -> {
            node.groups().groupConfig("billing", Map.of());
            return null;
        });
        assertThat(consumer("billing", joined.memberEpoch()).heartbeatIntervalMs()).isEqualTo(200);
    }

    @Test
    void whatCannotBeConfiguredOfAGroupIsRefused() {
        assertThatThrownBy(() -> node.groups().validateGroupConfig(Map.of("consumer.heartbeat.interval.ms", "1")))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThatThrownBy(() -> node.groups().validateGroupConfig(Map.of("no.such.thing", "1")))
                .isInstanceOfAny(ConfigException.class,
                        InvalidConfigurationException.class);
    }

    @Test
    void groupsOfAKindAreListedByIt() {
        consumer("billing", 0);
        share(0);

        assertThat(client.send(new ListGroupsRequestData().setTypesFilter(List.of("share")),
                ListGroupsResponseData.class).groups()).extracting(ListGroupsResponseData.ListedGroup::groupId)
                .containsExactly("workers");
    }
}
