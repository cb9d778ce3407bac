// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData.DeleteShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupTopologyDescriptionUpdateRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Requests of groups in all their versions. */
class EveryVersionTest {
    @TempDir
    Path folder;

    private LiveNode node;
    private RawClient client;

    @BeforeEach
    void start() {
        node = LiveNode.start(folder).topic("orders", 2);
        client = new RawClient(node);
    }

    @AfterEach
    void stop() {
        client.close();
        node.close();
    }

    private static Stream<Short> versions(ApiKeys key) {
        return Stream.iterate(key.oldestVersion(), version -> version <= key.latestVersion(),
                version -> (short) (version + 1));
    }

    private Uuid topicId() {
        return node.topicId("orders");
    }

    @Test
    void theCoordinatorOfAGroupIsThisBroker() {
        versions(ApiKeys.FIND_COORDINATOR).forEach(version -> {
            FindCoordinatorRequestData request = version < 4
                    ? new FindCoordinatorRequestData().setKey("billing")
                    : new FindCoordinatorRequestData().setCoordinatorKeys(List.of("billing", "shipping"));

            FindCoordinatorResponse response = (FindCoordinatorResponse) client.send(ApiKeys.FIND_COORDINATOR, request,
                    version);

            assertThat(response.coordinators()).allSatisfy(each -> {
                assertThat(each.errorCode()).isEqualTo(Errors.NONE.code());
                assertThat(each.host() + ":" + each.port()).isEqualTo(node.address());
            }).hasSize(version < 4 ? 1 : 2);
        });
    }

    @Test
    void theCoordinatorOfASharePartitionIsNamedFromVersionSixOn() {
        FindCoordinatorRequestData request = new FindCoordinatorRequestData().setKeyType((byte) 2)
                .setCoordinatorKeys(List.of("group:" + topicId() + ":0", "nonsense"));

        FindCoordinatorResponse newest = (FindCoordinatorResponse) client.send(ApiKeys.FIND_COORDINATOR, request,
                (short) 6);
        FindCoordinatorResponse older = (FindCoordinatorResponse) client.send(ApiKeys.FIND_COORDINATOR, request,
                (short) 5);

        assertThat(newest.coordinators()).extracting(each -> Errors.forCode(each.errorCode()))
                .containsExactly(Errors.NONE, Errors.INVALID_REQUEST);
        assertThat(older.coordinators()).extracting(each -> Errors.forCode(each.errorCode()))
                .containsOnly(Errors.INVALID_REQUEST);
    }

    @Test
    void aKeyTypeThatIsNoneIsAnInvalidRequest() {
        var response = client.send(ApiKeys.FIND_COORDINATOR,
                new FindCoordinatorRequestData().setKeyType((byte) 9).setCoordinatorKeys(List.of("a")), (short) 6);

        assertThat(response.errorCounts()).containsKey(Errors.INVALID_REQUEST);
    }

    @Test
    void offsetsAreCommittedAndFetchedInEveryVersion() {
        versions(ApiKeys.OFFSET_COMMIT).forEach(version -> {
            var response = client.send(ApiKeys.OFFSET_COMMIT, commit("billing", "orders", topicId(), 0, version),
                    version);
            assertThat(response.errorCounts()).as("commit %s", version).containsOnlyKeys(Errors.NONE);
            versions(ApiKeys.OFFSET_FETCH)
                    .forEach(fetch -> assertThat(fetched(fetch)).as("fetch %s", fetch).isEqualTo(100L + version));
        });
    }

    private static OffsetCommitRequestData commit(String group, String topic, Uuid id, int partition, short version) {
        return new OffsetCommitRequestData().setGroupId(group)
                .setTopics(List.of(new OffsetCommitRequestTopic().setName(topic).setTopicId(id)
                        .setPartitions(List.of(new OffsetCommitRequestPartition().setPartitionIndex(partition)
                                .setCommittedOffset(100L + version).setCommittedMetadata("m")))));
    }

    private long fetched(short version) {
        OffsetFetchRequestData request = version < 8
                ? new OffsetFetchRequestData().setGroupId("billing")
                        .setTopics(List.of(new OffsetFetchRequestTopic().setName("orders")
                                .setPartitionIndexes(List.of(0))))
                : new OffsetFetchRequestData().setGroups(List.of(new OffsetFetchRequestGroup().setGroupId("billing")
                        .setTopics(List.of(new OffsetFetchRequestTopics().setName("orders").setTopicId(topicId())
                                .setPartitionIndexes(List.of(0))))));
        OffsetFetchResponse response = (OffsetFetchResponse) client.send(ApiKeys.OFFSET_FETCH, request, version);
        var group = response.group("billing");
        assertThat(group.errorCode()).isZero();
        return group.topics().get(0).partitions().get(0).committedOffset();
    }

    @Test
    void allOffsetsAreFetchedWhereNoTopicIsNamed() {
        client.send(ApiKeys.OFFSET_COMMIT, commit("billing", "orders", topicId(), 1, (short) 9), (short) 9);
        versions(ApiKeys.OFFSET_FETCH).filter(version -> version >= 2).forEach(version -> {
            OffsetFetchRequestData request = version < 8
                    ? new OffsetFetchRequestData().setGroupId("billing").setTopics(null)
                    : new OffsetFetchRequestData()
                            .setGroups(List.of(new OffsetFetchRequestGroup().setGroupId("billing").setTopics(null)));

            var group = ((OffsetFetchResponse) client.send(ApiKeys.OFFSET_FETCH, request, version)).group("billing");

            assertThat(group.topics()).as("version %s", version).singleElement().satisfies(topic -> {
                assertThat(topic.partitions()).singleElement()
                        .satisfies(partition -> assertThat(partition.committedOffset()).isEqualTo(109));
                if (version >= 10) {
                    assertThat(topic.topicId()).isEqualTo(topicId());
                }
            });
        });
    }

    @Test
    void unknownTopicsAndPartitionsAreRefusedOneByOne() {
        var byName = client.send(ApiKeys.OFFSET_COMMIT, commit("billing", "absent", Uuid.ZERO_UUID, 0, (short) 9),
                (short) 9);
        var beyond = client.send(ApiKeys.OFFSET_COMMIT, commit("billing", "orders", topicId(), 7, (short) 9),
                (short) 9);
        var byId = client.send(ApiKeys.OFFSET_COMMIT, commit("billing", "", Uuid.randomUuid(), 0, (short) 10),
                (short) 10);

        assertThat(byName.errorCounts()).containsOnlyKeys(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(beyond.errorCounts()).containsOnlyKeys(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(byId.errorCounts()).containsOnlyKeys(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void anEmptyGroupIdIsInvalidForMembers() {
        var response = client.send(ApiKeys.JOIN_GROUP, join("", "", (short) 9), (short) 9);

        assertThat(response.errorCounts()).containsKey(Errors.INVALID_GROUP_ID);
    }

    private static JoinGroupRequestData join(String group, String member, short version) {
        return new JoinGroupRequestData().setGroupId(group).setMemberId(member).setProtocolType("consumer")
                .setSessionTimeoutMs(10_000).setRebalanceTimeoutMs(version >= 1 ? 10_000 : -1)
                .setProtocols(new JoinGroupRequestProtocolCollection(
                        List.of(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[]{1, 2}))
                                .iterator()));
    }

    @TestFactory
    Stream<DynamicTest> aClassicMemberLivesThroughEveryVersion() {
        return versions(ApiKeys.JOIN_GROUP).map(version -> DynamicTest.dynamicTest("JoinGroup " + version, () -> {
            String group = "group-" + version;
            var joined = (JoinGroupResponseData) client
                    .send(ApiKeys.JOIN_GROUP, join(group, "", version), version).data();
            if (joined.errorCode() == Errors.MEMBER_ID_REQUIRED.code()) {
                assertThat(version).isGreaterThanOrEqualTo((short) 4);
                joined = (JoinGroupResponseData) client
                        .send(ApiKeys.JOIN_GROUP, join(group, joined.memberId(), version), version).data();
            }
            assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
            assertThat(joined.leader()).isEqualTo(joined.memberId());

            short sync = (short) Math.min(version, ApiKeys.SYNC_GROUP.latestVersion());
            var synced = client.send(ApiKeys.SYNC_GROUP,
                    new SyncGroupRequestData().setGroupId(group).setMemberId(joined.memberId())
                            .setGenerationId(joined.generationId()).setProtocolType(sync >= 5 ? "consumer" : null)
                            .setProtocolName(sync >= 5 ? "range" : null)
                            .setAssignments(List.of(new SyncGroupRequestData.SyncGroupRequestAssignment()
                                    .setMemberId(joined.memberId()).setAssignment(new byte[]{7}))),
                    sync);
            assertThat(((SyncGroupResponseData) synced.data()).assignment())
                    .containsExactly(7);

            short beat = (short) Math.min(version, ApiKeys.HEARTBEAT.latestVersion());
            assertThat(client
                    .send(ApiKeys.HEARTBEAT, new HeartbeatRequestData().setGroupId(group)
                            .setMemberId(joined.memberId()).setGenerationId(joined.generationId()), beat)
                    .errorCounts()).containsOnlyKeys(Errors.NONE);

            short leave = (short) Math.min(version, ApiKeys.LEAVE_GROUP.latestVersion());
            LeaveGroupRequestData leaving = new LeaveGroupRequestData().setGroupId(group);
            if (leave < 3) {
                leaving.setMemberId(joined.memberId());
            } else {
                leaving.setMembers(List.of(new MemberIdentity().setMemberId(joined.memberId())));
            }
            assertThat(client.send(ApiKeys.LEAVE_GROUP, leaving, leave).errorCounts()).containsOnlyKeys(Errors.NONE);
        }));
    }

    @Test
    void aSyncWithoutItsProtocolIsInconsistent() {
        var response = client.send(ApiKeys.SYNC_GROUP,
                new SyncGroupRequestData().setGroupId("billing").setMemberId("a"), (short) 5);

        assertThat(response.errorCounts()).containsKey(Errors.INCONSISTENT_GROUP_PROTOCOL);
    }

    /** Keys whose requests need nothing but a group: each version is answered in its own form. */
    @TestFactory
    Stream<DynamicTest> everyVersionOfEveryOtherKeyIsAnswered() {
        Map<ApiKeys, ApiMessage> requests = new EnumMap<>(ApiKeys.class);
        for (ApiMessage each : List.of(new ListGroupsRequestData(),
                new DescribeGroupsRequestData().setGroups(List.of("a")),
                new DeleteGroupsRequestData().setGroupsNames(List.of("a")),
                new OffsetDeleteRequestData().setGroupId("a"),
                new ConsumerGroupHeartbeatRequestData().setGroupId("a").setMemberId("m").setMemberEpoch(5),
                new ConsumerGroupDescribeRequestData().setGroupIds(List.of("a")),
                new ShareGroupHeartbeatRequestData().setGroupId("a").setMemberId("m").setMemberEpoch(5),
                new ShareGroupDescribeRequestData().setGroupIds(List.of("a")),
                new DescribeShareGroupOffsetsRequestData()
                        .setGroups(
                                List.of(new DescribeShareGroupOffsetsRequestGroup().setGroupId("a").setTopics(null))),
                new AlterShareGroupOffsetsRequestData().setGroupId("a"),
                new DeleteShareGroupOffsetsRequestData().setGroupId("a")
                        .setTopics(List.of(new DeleteShareGroupOffsetsRequestTopic().setTopicName("orders"))),
                new StreamsGroupHeartbeatRequestData().setGroupId("a").setMemberId("m").setMemberEpoch(5),
                new StreamsGroupDescribeRequestData().setGroupIds(List.of("a")),
                new StreamsGroupTopologyDescriptionUpdateRequestData().setGroupId("a").setMemberId("m"),
                new TxnOffsetCommitRequestData().setGroupId("a").setTransactionalId("t"))) {
            requests.put(ApiKeys.forId(each.apiKey()), each);
        }
        return requests.entrySet().stream()
                .flatMap(each -> versions(each.getKey()).map(
                        version -> DynamicTest.dynamicTest(each.getKey() + " " + version, () -> {
                            AbstractResponse response = client.send(each.getKey(), each.getValue(), version);

                            assertThat(response.errorCounts()).doesNotContainKey(Errors.UNKNOWN_SERVER_ERROR);
                        })));
    }
}
