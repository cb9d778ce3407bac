// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static io.relais.it.kafka.fixture.Kafka.at;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import io.relais.it.kafka.fixture.RawKafka;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.TaskIds;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Streams groups (KIP-1071): the broker knows the topology, makes its internal topics, and assigns tasks. */
@KafkaTest
class StreamsGroupTest {
    private final Kafka kafka;
    private final RawKafka raw;
    private final String topic;
    private final String group;

    StreamsGroupTest(Kafka kafka) throws Exception {
        this.kafka = kafka;
        raw = kafka.raw();
        topic = kafka.topic(2);
        group = kafka.name("streams");
    }

    private StreamsGroupHeartbeatRequestData join(String memberId, Subtopology subtopology) {
        return new StreamsGroupHeartbeatRequestData().setGroupId(group).setMemberId(memberId).setMemberEpoch(0)
                .setRebalanceTimeoutMs(5_000).setProcessId("process-" + memberId).setActiveTasks(List.of())
                .setStandbyTasks(List.of())
                .setWarmupTasks(List.of()).setClientTags(List.of())
                .setTopology(new Topology().setEpoch(0).setSubtopologies(List.of(subtopology)));
    }

    private Subtopology subtopology() {
        return new Subtopology().setSubtopologyId("0").setSourceTopics(List.of(topic));
    }

    private StreamsGroupHeartbeatResponseData call(StreamsGroupHeartbeatRequestData request) throws Exception {
        return raw.call(request, 0, new StreamsGroupHeartbeatResponseData());
    }

    private StreamsGroupHeartbeatRequestData beat(String memberId, int epoch) {
        return new StreamsGroupHeartbeatRequestData().setGroupId(group).setMemberId(memberId).setMemberEpoch(epoch);
    }

    /** Beats until an assignment comes. */
    private List<TaskIds> tasks(String memberId, StreamsGroupHeartbeatResponseData joined) throws Exception {
        StreamsGroupHeartbeatResponseData[] last = {joined};
        eventually(() -> {
            if (last[0].activeTasks() == null || last[0].activeTasks().isEmpty()) {
                last[0] = call(beat(memberId, last[0].memberEpoch()));
            }
            assertThat(last[0].activeTasks()).isNotEmpty();
        });
        return last[0].activeTasks();
    }

    @Test
    void aMemberGetsATaskForEachPartition() throws Exception {
        StreamsGroupHeartbeatResponseData joined = call(join("member-1", subtopology()));

        assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
        assertThat(joined.memberEpoch()).isPositive();
        assertThat(tasks("member-1", joined)).singleElement().satisfies(task -> {
            assertThat(task.subtopologyId()).isEqualTo("0");
            assertThat(task.partitions()).containsExactlyInAnyOrder(0, 1);
        });
    }

    @Test
    void internalTopicsAreMadeByTheBroker() throws Exception {
        String changelog = group + "-store-changelog";

        call(join("member-1", subtopology().setStateChangelogTopics(List.of(new TopicInfo().setName(changelog)))));

        eventually(() -> {
            assertThat(Kafka.await(kafka.admin().listTopics().names())).contains(changelog);
            assertThat(at(Kafka.await(kafka.admin().describeTopics(List.of(changelog)).allTopicNames()), changelog)
                    .partitions()).hasSize(2);
        });
        Kafka.await(kafka.admin().deleteTopics(List.of(changelog)).all());
    }

    @Test
    void aMissingSourceTopicIsReported() throws Exception {
        StreamsGroupHeartbeatResponseData response = call(join("member-1",
                new Subtopology().setSubtopologyId("0").setSourceTopics(List.of(kafka.name("absent")))));

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
        assertThat(response.status()).extracting(s -> s.statusCode()).contains((byte) 1);
    }

    @Test
    void anUnknownMemberIsRefused() throws Exception {
        call(join("member-1", subtopology()));

        assertThat(Errors.forCode(call(beat("member-2", 3)).errorCode())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aGroupIsDescribedWithItsTopology() throws Exception {
        tasks("member-1", call(join("member-1", subtopology())));

        StreamsGroupDescription description = Kafka
                .await(at(kafka.admin().describeStreamsGroups(List.of(group)).describedGroups(), group));

        assertThat(description.groupState()).isIn(GroupState.STABLE, GroupState.RECONCILING);
        assertThat(description.members()).singleElement()
                .satisfies(m -> assertThat(m.memberId()).isEqualTo("member-1"));
        assertThat(description.subtopologies()).singleElement()
                .satisfies(s -> assertThat(s.sourceTopics()).containsExactly(topic));
    }

    @Test
    void aMemberLeaves() throws Exception {
        call(join("member-1", subtopology()));

        StreamsGroupHeartbeatResponseData left = call(beat("member-1", -1));

        assertThat(left.memberEpoch()).isEqualTo(-1);
        Kafka.await(kafka.admin().deleteStreamsGroups(List.of(group)).all());
    }
}
