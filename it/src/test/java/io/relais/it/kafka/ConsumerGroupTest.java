// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static io.relais.it.kafka.fixture.Kafka.at;
import static io.relais.it.kafka.fixture.Kafka.awaitAssignment;
import static io.relais.it.kafka.fixture.Kafka.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.errors.UnsupportedAssignorException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups of KIP-848: the broker assigns, members follow by heartbeats. */
@KafkaTest
class ConsumerGroupTest {
    private static final int HEARTBEAT_INTERVAL_MS = 300;

    private final Kafka kafka;
    private final String topic;
    private final String group;

    ConsumerGroupTest(Kafka kafka) throws Exception {
        this.kafka = kafka;
        topic = kafka.topic(4);
        group = kafka.name("group");
        heartbeats(HEARTBEAT_INTERVAL_MS);
    }

    /** How often members beat: so often they hear of changes. */
    private void heartbeats(int intervalMs) throws Exception {
        TopicConfigs.alter(kafka, new ConfigResource(ConfigResource.Type.GROUP, group),
                "consumer.heartbeat.interval.ms",
                Integer.toString(intervalMs), AlterConfigOp.OpType.SET, false);
    }

    private KafkaConsumer<String, String> join(Map<String, Object> configs) {
        KafkaConsumer<String, String> member = kafka.newMember(group, configs);
        member.subscribe(List.of(topic));
        return member;
    }

    private static void awaitShares(List<KafkaConsumer<String, String>> members, int... shares) throws Exception {
        eventually(() -> {
            members.forEach(member -> member.poll(Duration.ofMillis(20)));
            for (int i = 0; i < shares.length; i++) {
                assertThat(members.get(i).assignment()).hasSize(shares[i]);
            }
            List<TopicPartition> all = members.stream().flatMap(m -> m.assignment().stream()).toList();
            assertThat(all).doesNotHaveDuplicates();
        });
    }

    private ConsumerGroupDescription describe() throws Exception {
        return Kafka.await(at(kafka.admin().describeConsumerGroups(List.of(group)).describedGroups(), group));
    }

    @Test
    void aLoneMemberGetsAllPartitionsAndAllRecords() throws Exception {
        for (int partition = 0; partition < 4; partition++) {
            kafka.sendTo(topic, partition, "v" + partition);
        }

        KafkaConsumer<String, String> member = join(Map.of());

        assertThat(values(Kafka.poll(member, 4))).containsExactlyInAnyOrder("v0", "v1", "v2", "v3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "range"})
    void theBrokerAssignsByTheAssignorThatMembersAskFor(String assignor) throws Exception {
        KafkaConsumer<String, String> member = join(Map.of("group.remote.assignor", assignor));
        awaitAssignment(member, 4);

        ConsumerGroupDescription description = describe();

        assertThat(description.partitionAssignor()).isEqualTo(assignor);
        assertThat(description.type()).isEqualTo(GroupType.CONSUMER);
        assertThat(description.groupState()).isEqualTo(GroupState.STABLE);
        assertThat(description.members()).singleElement().satisfies(m -> {
            assertThat(m.assignment().topicPartitions()).hasSize(4);
            assertThat(m.memberEpoch()).hasValue(description.groupEpoch().orElseThrow());
        });
    }

    @Test
    void anUnknownAssignorIsRefused() {
        KafkaConsumer<String, String> member = join(Map.of("group.remote.assignor", "dice"));

        assertThatThrownBy(() -> Kafka.poll(member, 1)).isInstanceOf(UnsupportedAssignorException.class);
    }

    @Test
    void aGroupGoesOnWhereItCommitted() throws Exception {
        kafka.send(topic, "a", "b", "c");
        KafkaConsumer<String, String> first = join(Map.of("max.poll.records", 2));
        assertThat(values(Kafka.poll(first, 2))).containsExactly("a", "b");
        first.commitSync();
        first.close();

        KafkaConsumer<String, String> second = join(Map.of());

        assertThat(values(Kafka.poll(second, 1))).containsExactly("c");
    }

    @Test
    void whenAMemberLeavesItsPartitionsAreFree() throws Exception {
        KafkaConsumer<String, String> one = join(Map.of());
        awaitAssignment(one, 4);
        one.close();

        KafkaConsumer<String, String> two = join(Map.of());

        awaitAssignment(two, 4);
        assertThat(describe().members()).hasSize(1);
    }

    @Test
    void thePatternIsMatchedByTheBroker() throws Exception {
        KafkaConsumer<String, String> member = kafka.newMember(group, Map.of());

        member.subscribe(new SubscriptionPattern(topic + ".*"));

        awaitAssignment(member, 4);
    }

    @Test
    void anInvalidPatternIsRefused() {
        KafkaConsumer<String, String> member = kafka.newMember(group, Map.of());
        member.subscribe(new SubscriptionPattern("(unclosed"));

        assertThatThrownBy(() -> Kafka.poll(member, 1)).isInstanceOf(InvalidRegularExpression.class);
    }

    @Test
    void aSecondStaticMemberOfTheSameNameIsRefusedWhileTheFirstIsThere() throws Exception {
        KafkaConsumer<String, String> one = join(Map.of("group.instance.id", "same"));
        awaitAssignment(one, 4);

        KafkaConsumer<String, String> two = join(Map.of("group.instance.id", "same"));

        assertThatThrownBy(() -> Kafka.poll(two, 1)).isInstanceOf(UnreleasedInstanceIdException.class);
    }

    @Test
    void aStaticMemberKeepsItsPartitionsWhileItIsAway() throws Exception {
        KafkaConsumer<String, String> one = join(Map.of("group.instance.id", "steady"));
        awaitAssignment(one, 4);
        one.close();
        assertThat(describe().members()).singleElement()
                .satisfies(m -> assertThat(m.assignment().topicPartitions()).hasSize(4));

        KafkaConsumer<String, String> again = join(Map.of("group.instance.id", "steady"));

        awaitAssignment(again, 4);
    }

    @Test
    void aClassicMemberJoinsAGroupOfTheNewProtocolAndBothShare() throws Exception {
        KafkaConsumer<String, String> modern = join(Map.of());
        awaitAssignment(modern, 4);

        KafkaConsumer<String, String> classic = kafka.member(group,
                Map.of("heartbeat.interval.ms", 100, "session.timeout.ms", 6_000));
        classic.subscribe(List.of(topic));

        awaitShares(List.of(modern, classic), 2, 2);
        assertThat(describe().type()).isEqualTo(GroupType.CONSUMER);
    }

    @Test
    void aClassicGroupBecomesOneOfTheNewProtocolWithItsOffsets() throws Exception {
        kafka.send(topic, "a", "b");
        KafkaConsumer<String, String> classic = kafka.member(group,
                Map.of("heartbeat.interval.ms", 100, "max.poll.records", 1));
        classic.subscribe(List.of(topic));
        assertThat(values(Kafka.poll(classic, 1))).containsExactly("a");
        classic.commitSync();

        KafkaConsumer<String, String> modern = join(Map.of());
        awaitShares(List.of(classic, modern), 2, 2);
        assertThat(describe().type()).isEqualTo(GroupType.CONSUMER);
        classic.close();

        awaitAssignment(modern, 4);
        assertThat(at(modern.committed(Set.of(Kafka.partition(topic, 0))), Kafka.partition(topic, 0)).offset())
                .isEqualTo(1);
    }

    @Test
    void aGroupBecomesClassicAgainWhenItsLastNewMemberLeaves() throws Exception {
        KafkaConsumer<String, String> modern = join(Map.of());
        awaitAssignment(modern, 4);
        KafkaConsumer<String, String> classic = kafka.member(group,
                Map.of("heartbeat.interval.ms", 100, "session.timeout.ms", 6_000));
        classic.subscribe(List.of(topic));
        awaitShares(List.of(modern, classic), 2, 2);

        modern.close();

        awaitAssignment(classic, 4);
        assertThat(describe().type()).isEqualTo(GroupType.CLASSIC);
    }

    private ConsumerGroupHeartbeatRequestData heartbeat(String memberId, int epoch) {
        return new ConsumerGroupHeartbeatRequestData().setGroupId(group).setMemberId(memberId).setMemberEpoch(epoch)
                .setRebalanceTimeoutMs(5_000).setSubscribedTopicNames(List.of(topic)).setTopicPartitions(List.of());
    }

    @Test
    void theFirstHeartbeatGivesAnEpochAndTheAssignment() throws Exception {
        ConsumerGroupHeartbeatResponseData response = kafka.raw().call(heartbeat("member-1", 0), 1,
                new ConsumerGroupHeartbeatResponseData());

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
        assertThat(response.memberId()).isEqualTo("member-1");
        assertThat(response.memberEpoch()).isPositive();
        assertThat(response.heartbeatIntervalMs()).isEqualTo(HEARTBEAT_INTERVAL_MS);
        assertThat(response.assignment().topicPartitions().getFirst().topicId()).isEqualTo(kafka.topicId(topic));
    }

    @Test
    void anUnknownMemberIsRefused() throws Exception {
        kafka.raw().call(heartbeat("member-1", 0), 1, new ConsumerGroupHeartbeatResponseData());

        var response = kafka.raw().call(heartbeat("member-2", 7), 1, new ConsumerGroupHeartbeatResponseData());

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aMemberOfAnEpochThatWillComeIsFenced() throws Exception {
        var first = kafka.raw().call(heartbeat("member-1", 0), 1, new ConsumerGroupHeartbeatResponseData());

        var response = kafka.raw().call(heartbeat("member-1", first.memberEpoch() + 5), 1,
                new ConsumerGroupHeartbeatResponseData());

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
    }

    @Test
    void topicsThatComeLaterAreAssigned() throws Exception {
        String later = kafka.topicName();
        KafkaConsumer<String, String> member = kafka.newMember(group, Map.of("allow.auto.create.topics", false));
        member.subscribe(List.of(topic, later));
        awaitAssignment(member, 4);

        Kafka.await(kafka.admin().createTopics(List.of(new NewTopic(later, 3, (short) 1))).all());

        awaitAssignment(member, 7);
    }
}
