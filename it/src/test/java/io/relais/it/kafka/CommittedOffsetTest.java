// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static io.relais.it.kafka.fixture.Kafka.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.relais.it.fixture.OwnBroker;
import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Offsets of groups: committed with metadata and leader epoch, read, changed and deleted. */
@KafkaTest
class CommittedOffsetTest {
    private final Kafka kafka;
    private final String topic;
    private final String group;
    private final TopicPartition zero;
    private final TopicPartition one;

    CommittedOffsetTest(Kafka kafka) throws Exception {
        this.kafka = kafka;
        topic = kafka.topic(2);
        group = kafka.name("group");
        zero = Kafka.partition(topic, 0);
        one = Kafka.partition(topic, 1);
    }

    private void commit(TopicPartition partition, OffsetAndMetadata offset) {
        kafka.member(group, Map.of()).commitSync(Map.of(partition, offset));
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() throws Exception {
        return Kafka.await(kafka.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }

    @Test
    void anOffsetComesBackWithItsMetadataAndLeaderEpoch() throws Exception {
        OffsetAndMetadata offset = new OffsetAndMetadata(17, Optional.of(0), "what I thought");

        commit(zero, offset);

        assertThat(kafka.member(group, Map.of()).committed(Set.of(zero))).containsEntry(zero, offset);
        assertThat(committed()).containsOnly(Map.entry(zero, offset));
    }

    @Test
    void whatWasNeverCommittedHasNoOffset() throws Exception {
        assertThat(kafka.member(group, Map.of()).committed(Set.of(zero)).get(zero)).isNull();
    }

    @Test
    void aLaterCommitReplacesAnEarlierEvenIfItsOffsetIsLower() throws Exception {
        commit(zero, new OffsetAndMetadata(9));

        commit(zero, new OffsetAndMetadata(3));

        assertThat(at(committed(), zero).offset()).isEqualTo(3);
    }

    @Test
    void metadataMayHaveFourKibibytes() throws Exception {
        commit(zero, new OffsetAndMetadata(1, "x".repeat(4_096)));

        assertThatThrownBy(() -> commit(zero, new OffsetAndMetadata(1, "x".repeat(4_097))))
                .isInstanceOf(OffsetMetadataTooLarge.class);
    }

    @Test
    void theAdministratorSetsOffsetsOfAGroupWithoutMembers() throws Exception {
        Kafka.await(kafka.admin()
                .alterConsumerGroupOffsets(group, Map.of(zero, new OffsetAndMetadata(5), one, new OffsetAndMetadata(6)))
                .all());

        assertThat(at(committed(), zero).offset()).isEqualTo(5);
        assertThat(at(committed(), one).offset()).isEqualTo(6);
    }

    @Test
    void theAdministratorDoesNotSetOffsetsUnderMembersThatAreThere() throws Exception {
        KafkaConsumer<String, String> member = kafka.member(group, Map.of());
        member.subscribe(List.of(topic));
        Kafka.awaitAssignment(member, 2);

        assertThatThrownBy(() -> Kafka
                .await(kafka.admin().alterConsumerGroupOffsets(group, Map.of(zero, new OffsetAndMetadata(5))).all()))
                .isInstanceOf(UnknownMemberIdException.class);
    }

    @Test
    void offsetsAreDeletedOneByOne() throws Exception {
        commit(zero, new OffsetAndMetadata(1));
        commit(one, new OffsetAndMetadata(2));

        Kafka.await(kafka.admin().deleteConsumerGroupOffsets(group, Set.of(zero)).all());

        assertThat(committed()).containsOnlyKeys(one);
    }

    @Test
    void offsetsOfATopicThatMembersReadAreNotDeleted() throws Exception {
        KafkaConsumer<String, String> member = kafka.member(group, Map.of());
        member.subscribe(List.of(topic));
        Kafka.awaitAssignment(member, 2);
        member.commitSync(Map.of(zero, new OffsetAndMetadata(1)));

        assertThatThrownBy(
                () -> Kafka.await(kafka.admin().deleteConsumerGroupOffsets(group, Set.of(zero)).partitionResult(zero)))
                .isInstanceOf(GroupSubscribedToTopicException.class);
    }

    @Test
    void offsetsOfSeveralGroupsAreReadAtOnce() throws Exception {
        String other = kafka.name("group");
        commit(zero, new OffsetAndMetadata(1));
        kafka.member(other, Map.of()).commitSync(Map.of(one, new OffsetAndMetadata(2)));

        var all = Kafka.await(kafka.admin().listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec(),
                other, new ListConsumerGroupOffsetsSpec())).all());

        assertThat(at(at(all, group), zero).offset()).isEqualTo(1);
        assertThat(at(at(all, other), one).offset()).isEqualTo(2);
    }

    @Test
    void theOffsetsOfADeletedTopicGoWithIt() throws Exception {
        commit(zero, new OffsetAndMetadata(1));

        Kafka.await(kafka.admin().deleteTopics(List.of(topic)).all());

        eventually(() -> assertThat(committed()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everyVersionOfACommitIsServed(int version) throws Exception {
        var offset = new OffsetCommitRequestPartition().setPartitionIndex(0).setCommittedOffset(11)
                .setCommittedMetadata("m");
        var about = new OffsetCommitRequestTopic().setPartitions(List.of(offset));
        if (version >= 10) {
            about.setTopicId(kafka.topicId(topic));
        } else {
            about.setName(topic);
        }
        kafka.member(group, Map.of()).committed(Set.of(zero)); // the coordinator is there

        var request = new OffsetCommitRequestData().setGroupId(group).setTopics(List.of(about));
        var response = kafka.raw().call(request, version, new OffsetCommitResponseData());

        assertThat(Errors.forCode(response.topics().getFirst().partitions().getFirst().errorCode()))
                .isEqualTo(Errors.NONE);
        assertThat(committed().get(zero)).isEqualTo(new OffsetAndMetadata(11, Optional.empty(), "m"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void everyVersionThatReadsTheOffsetsOfOneGroupIsServed(int version) throws Exception {
        commit(zero, new OffsetAndMetadata(11, "m"));
        var request = new OffsetFetchRequestData().setGroupId(group)
                .setTopics(List.of(new OffsetFetchRequestTopic().setName(topic).setPartitionIndexes(List.of(0, 1))));

        var partitions = kafka.raw().call(request, version, new OffsetFetchResponseData()).topics().getFirst()
                .partitions();

        assertThat(partitions).extracting(p -> p.committedOffset()).containsExactlyInAnyOrder(11L, -1L);
        assertThat(partitions).extracting(p -> p.metadata()).containsExactlyInAnyOrder("m", "");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10})
    void everyVersionThatReadsTheOffsetsOfGroupsIsServed(int version) throws Exception {
        commit(zero, new OffsetAndMetadata(11, "m"));
        var about = new OffsetFetchRequestTopics().setPartitionIndexes(List.of(0));
        if (version >= 10) {
            about.setTopicId(kafka.topicId(topic));
        } else {
            about.setName(topic);
        }
        var request = new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestGroup().setGroupId(group).setTopics(List.of(about))));

        var answer = kafka.raw().call(request, version, new OffsetFetchResponseData()).groups().getFirst();

        assertThat(answer.topics().getFirst().partitions().getFirst().committedOffset()).isEqualTo(11);
    }

    @Test
    void aCommitForAnUnknownTopicIdIsRefused() throws Exception {
        commit(zero, new OffsetAndMetadata(1));
        var offset = new OffsetCommitRequestPartition().setPartitionIndex(0).setCommittedOffset(1);
        var request = new OffsetCommitRequestData().setGroupId(group)
                .setTopics(List.of(
                        new OffsetCommitRequestTopic().setTopicId(Uuid.randomUuid()).setPartitions(List.of(offset))));

        var response = kafka.raw().call(request, 10, new OffsetCommitResponseData());

        assertThat(Errors.forCode(response.topics().getFirst().partitions().getFirst().errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    @OwnBroker
    void offsetsStayOverARestart() throws Exception {
        commit(zero, new OffsetAndMetadata(17, "m"));

        kafka.restart();

        assertThat(kafka.member(group, Map.of()).committed(Set.of(zero)).get(zero))
                .isEqualTo(new OffsetAndMetadata(17, "m"));
    }
}
