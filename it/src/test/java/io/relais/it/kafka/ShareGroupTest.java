// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static io.relais.it.kafka.fixture.Kafka.at;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.relais.it.fixture.Eventually;
import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.junit.jupiter.api.Test;

/** Share groups (KIP-932): members compete for the records of a partition, and acknowledge each of them. */
@KafkaTest
class ShareGroupTest {
    private static final Map<String, Object> EXPLICIT = Map.of("share.acknowledgement.mode", "explicit");
    /** A member is told its partitions by its second heartbeat. */
    private static final String HEARTBEAT_INTERVAL_MS = "300";
    private static final Duration QUIET = Duration.ofMillis(300);

    private final Kafka kafka;
    private final String topic;
    private final String group;

    ShareGroupTest(Kafka kafka) throws Exception {
        this.kafka = kafka;
        topic = kafka.topic();
        group = kafka.name("share");
        config("share.auto.offset.reset", "earliest");
        config("share.heartbeat.interval.ms", HEARTBEAT_INTERVAL_MS);
    }

    private void config(String name, String value) throws Exception {
        config(group, name, value);
    }

    private void config(String group, String name, String value) throws Exception {
        TopicConfigs.alter(kafka, new ConfigResource(ConfigResource.Type.GROUP, group), name, value, OpType.SET, false);
    }

    private KafkaShareConsumer<String, String> join(Map<String, Object> configs) {
        KafkaShareConsumer<String, String> member = kafka.shareMember(group, configs);
        member.subscribe(List.of(topic));
        return member;
    }

    /** Polls until something comes; all of it. */
    private static List<ConsumerRecord<String, String>> next(KafkaShareConsumer<String, String> member) {
        long deadlineNs = System.nanoTime() + Eventually.PATIENCE.toNanos();
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        while (records.isEmpty() && System.nanoTime() - deadlineNs < 0) {
            member.poll(Duration.ofMillis(50)).forEach(records::add);
        }
        return records;
    }

    /** Polls, and accepts implicitly by the next poll, until as many came as are asked for. */
    private static List<String> take(KafkaShareConsumer<String, String> member, int count) {
        long deadlineNs = System.nanoTime() + Eventually.PATIENCE.toNanos();
        List<String> values = new ArrayList<>();
        while (values.size() < count && System.nanoTime() - deadlineNs < 0) {
            member.poll(Duration.ofMillis(50)).forEach(record -> values.add(record.value()));
        }
        return values;
    }

    private static void settle(KafkaShareConsumer<String, String> member, List<ConsumerRecord<String, String>> records,
            AcknowledgeType type) {
        records.forEach(record -> member.acknowledge(record, type));
        assertThat(member.commitSync().values()).allSatisfy(error -> assertThat(error).isEmpty());
    }

    @Test
    void aMemberTakesWhatIsThereAndAcceptsItByItsNextPoll() throws Exception {
        kafka.send(topic, "a", "b", "c");
        KafkaShareConsumer<String, String> member = join(Map.of());

        assertThat(take(member, 3)).containsExactly("a", "b", "c");
        member.commitSync();
        member.close();

        kafka.send(topic, "d");
        assertThat(take(join(Map.of()), 1)).containsExactly("d");
    }

    @Test
    void aNewGroupBeginsAtTheEndUnlessItSaysOtherwise() throws Exception {
        config("share.auto.offset.reset", "latest");
        kafka.send(topic, "old");
        KafkaShareConsumer<String, String> member = join(Map.of());
        List<String> taken = new ArrayList<>();

        eventually(() -> {
            kafka.send(topic, "new");
            member.poll(Duration.ofMillis(50)).forEach(record -> taken.add(record.value()));
            assertThat(taken).isNotEmpty();
        });

        assertThat(taken).containsOnly("new");
    }

    private SharePartitionOffsetInfo offsets() throws Exception {
        var offsets = Kafka.await(kafka.admin().listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                .partitionsToOffsetInfo(group));
        return requireNonNull(offsets.get(Kafka.partition(topic, 0)));
    }

    /** Waits until nothing is left to be delivered or acknowledged. */
    private void awaitNoLag() throws Exception {
        eventually(() -> assertThat(offsets().lag()).hasValue(0L));
    }

    @Test
    void membersShareThePartitionAndNobodyGetsWhatAnotherHas() throws Exception {
        kafka.send(topic, "a", "b", "c", "d");
        KafkaShareConsumer<String, String> one = join(
                Map.of("share.acknowledgement.mode", "explicit", "max.poll.records", 2,
                        "share.acquire.mode", "record_limit"));
        KafkaShareConsumer<String, String> two = join(EXPLICIT);

        List<ConsumerRecord<String, String>> first = next(one);
        List<ConsumerRecord<String, String>> second = next(two);

        assertThat(first).extracting(ConsumerRecord::value).containsExactly("a", "b");
        assertThat(second).extracting(ConsumerRecord::value).containsExactly("c", "d");
    }

    @Test
    void whatIsAcceptedDoesNotComeBack() throws Exception {
        kafka.send(topic, "a");
        KafkaShareConsumer<String, String> member = join(EXPLICIT);

        settle(member, next(member), AcknowledgeType.ACCEPT);

        assertThat(member.poll(QUIET)).isEmpty();
        awaitNoLag();
    }

    @Test
    void whatIsReleasedComesBackAndCountsItsDeliveries() throws Exception {
        kafka.send(topic, "a");
        KafkaShareConsumer<String, String> member = join(EXPLICIT);
        List<ConsumerRecord<String, String>> first = next(member);
        assertThat(first.getFirst().deliveryCount()).hasValue((short) 1);

        settle(member, first, AcknowledgeType.RELEASE);

        List<ConsumerRecord<String, String>> second = next(member);
        assertThat(second).extracting(ConsumerRecord::value).containsExactly("a");
        assertThat(second.getFirst().deliveryCount()).hasValue((short) 2);
        settle(member, second, AcknowledgeType.ACCEPT);
    }

    @Test
    void whatIsRejectedIsGone() throws Exception {
        kafka.send(topic, "poison", "good");
        KafkaShareConsumer<String, String> member = join(EXPLICIT);
        List<ConsumerRecord<String, String>> records = new ArrayList<>(next(member));
        member.acknowledge(records.getFirst(), AcknowledgeType.REJECT);
        records.stream().skip(1).forEach(r -> member.acknowledge(r, AcknowledgeType.ACCEPT));
        member.commitSync();

        assertThat(member.poll(QUIET).count()).isEqualTo(2 - records.size());
    }

    @Test
    void acknowledgementsMayComeInAnyOrder() throws Exception {
        kafka.send(topic, "a", "b", "c");
        KafkaShareConsumer<String, String> member = join(EXPLICIT);
        List<ConsumerRecord<String, String>> records = next(member);
        while (records.size() < 3) {
            settle(member, records, AcknowledgeType.RELEASE);
            records = next(member);
        }

        member.acknowledge(records.get(2), AcknowledgeType.ACCEPT);
        member.acknowledge(records.get(0), AcknowledgeType.ACCEPT);
        member.acknowledge(records.get(1), AcknowledgeType.RELEASE);
        member.commitSync();

        assertThat(next(member)).extracting(ConsumerRecord::value).containsExactly("b");
    }

    @Test
    void everyRecordMustBeAcknowledgedBeforeTheNextPollInExplicitMode() throws Exception {
        kafka.send(topic, "a");
        KafkaShareConsumer<String, String> member = join(EXPLICIT);
        next(member);

        assertThatThrownBy(() -> member.poll(QUIET)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void afterTheLastDeliveryARecordIsGivenUp() throws Exception {
        config("share.delivery.count.limit", "2");
        kafka.send(topic, "poison");
        KafkaShareConsumer<String, String> member = join(EXPLICIT);
        settle(member, next(member), AcknowledgeType.RELEASE);
        settle(member, next(member), AcknowledgeType.RELEASE);

        assertThat(member.poll(QUIET)).isEmpty();
        kafka.send(topic, "next");
        assertThat(next(member)).extracting(ConsumerRecord::value).containsExactly("next");
    }

    @Test
    void whatAMemberKeepsTooLongGoesToAnother() throws Exception {
        config("share.record.lock.duration.ms", "1000");
        kafka.send(topic, "a");
        KafkaShareConsumer<String, String> slow = join(EXPLICIT);
        assertThat(next(slow)).hasSize(1);

        List<ConsumerRecord<String, String>> second = next(join(EXPLICIT));

        assertThat(second).extracting(ConsumerRecord::value).containsExactly("a");
        assertThat(second.getFirst().deliveryCount()).hasValue((short) 2);
    }

    @Test
    void aMemberThatRenewsKeepsItsRecord() throws Exception {
        config("share.record.lock.duration.ms", "1000");
        kafka.send(topic, "a");
        KafkaShareConsumer<String, String> slow = join(EXPLICIT);
        List<ConsumerRecord<String, String>> mine = new ArrayList<>(next(slow));
        KafkaShareConsumer<String, String> other = join(EXPLICIT);
        for (int i = 0; i < 4; i++) {
            Thread.sleep(400);
            slow.acknowledge(mine.getFirst(), AcknowledgeType.RENEW);
            assertThat(slow.commitSync().values()).allSatisfy(error -> assertThat(error).isEmpty());
            mine = new ArrayList<>();
            slow.poll(Duration.ofMillis(20)).forEach(mine::add);
            assertThat(other.poll(Duration.ofMillis(100))).isEmpty();
            assertThat(mine).as("a renewed record is given to its member again").hasSize(1);
        }

        settle(slow, mine, AcknowledgeType.ACCEPT);
        assertThat(other.poll(QUIET)).isEmpty();
    }

    @Test
    void whatAMemberHasNotAcknowledgedWhenItLeavesGoesToOthers() throws Exception {
        kafka.send(topic, "a");
        KafkaShareConsumer<String, String> leaving = join(EXPLICIT);
        next(leaving);
        leaving.close();

        assertThat(next(join(EXPLICIT))).extracting(ConsumerRecord::value).containsExactly("a");
    }

    @Test
    void twoGroupsGetEverythingEach() throws Exception {
        kafka.send(topic, "a", "b");
        String other = kafka.name("share");
        config(other, "share.auto.offset.reset", "earliest");
        config(other, "share.heartbeat.interval.ms", HEARTBEAT_INTERVAL_MS);
        KafkaShareConsumer<String, String> two = kafka.shareMember(other, Map.of());
        two.subscribe(List.of(topic));

        assertThat(take(join(Map.of()), 2)).containsExactly("a", "b");
        assertThat(take(two, 2)).containsExactly("a", "b");
    }

    @Test
    void readCommittedGroupsDoNotSeeAbortedRecords() throws Exception {
        config("share.isolation.level", "read_committed");
        KafkaProducer<String, String> producer = kafka.transactional(kafka.name("tx"));
        producer.beginTransaction();
        Kafka.send(producer, new ProducerRecord<>(topic, "aborted"));
        producer.abortTransaction();
        producer.beginTransaction();
        Kafka.send(producer, new ProducerRecord<>(topic, "committed"));
        producer.commitTransaction();

        assertThat(take(join(Map.of()), 1)).containsExactly("committed");
    }

    @Test
    void withoutASettingGroupsSeeWhatIsNotCommittedToo() throws Exception {
        KafkaProducer<String, String> producer = kafka.transactional(kafka.name("tx"));
        producer.beginTransaction();
        Kafka.send(producer, new ProducerRecord<>(topic, "open"));

        assertThat(take(join(Map.of()), 1)).containsExactly("open");
        producer.abortTransaction();
    }

    private ShareGroupDescription describe() throws Exception {
        try {
            return Kafka.await(at(kafka.admin().describeShareGroups(List.of(group)).describedGroups(), group));
        } catch (GroupIdNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aGroupIsListedAndDescribed() throws Exception {
        KafkaShareConsumer<String, String> member = join(Map.of());
        eventually(() -> {
            member.poll(Duration.ofMillis(20));
            ShareGroupDescription description = describe();
            assertThat(description.groupState()).isEqualTo(GroupState.STABLE);
            assertThat(description.members()).singleElement().satisfies(
                    m -> assertThat(m.assignment().topicPartitions()).containsExactly(Kafka.partition(topic, 0)));
        });

        assertThat(
                Kafka.await(kafka.admin().listGroups(new ListGroupsOptions().withTypes(Set.of(GroupType.SHARE))).all()))
                .extracting(GroupListing::groupId).contains(group);
    }

    @Test
    void theAdministratorMovesAnEmptyGroup() throws Exception {
        kafka.send(topic, "a", "b", "c");
        KafkaShareConsumer<String, String> member = join(Map.of());
        take(member, 3);
        member.commitSync();
        member.close();
        awaitNoLag();

        Kafka.await(kafka.admin().alterShareGroupOffsets(group, Map.of(Kafka.partition(topic, 0), 1L)).all());

        assertThat(offsets().startOffset()).isEqualTo(1);
        assertThat(take(join(Map.of()), 2)).containsExactly("b", "c");
    }

    @Test
    void aGroupWithMembersIsNeitherMovedNorDeleted() throws Exception {
        kafka.send(topic, "a");
        KafkaShareConsumer<String, String> member = join(Map.of());
        take(member, 1);

        assertThatThrownBy(() -> Kafka
                .await(kafka.admin().alterShareGroupOffsets(group, Map.of(Kafka.partition(topic, 0), 0L)).all()))
                .isInstanceOf(GroupNotEmptyException.class);
        assertThatThrownBy(() -> Kafka.await(kafka.admin().deleteShareGroups(List.of(group)).all()))
                .isInstanceOf(GroupNotEmptyException.class);
    }

    @Test
    void anEmptyGroupIsDeleted() throws Exception {
        kafka.send(topic, "a");
        KafkaShareConsumer<String, String> member = join(Map.of());
        take(member, 1);
        member.close();

        Kafka.await(kafka.admin().deleteShareGroups(List.of(group)).all());

        assertThat(
                Kafka.await(kafka.admin().listGroups(new ListGroupsOptions().withTypes(Set.of(GroupType.SHARE))).all()))
                .extracting(GroupListing::groupId).doesNotContain(group);
    }

    @Test
    void theOffsetsOfATopicAreForgotten() throws Exception {
        kafka.send(topic, "a");
        KafkaShareConsumer<String, String> member = join(Map.of());
        take(member, 1);
        member.close();

        Kafka.await(kafka.admin().deleteShareGroupOffsets(group, Set.of(topic)).all());

        assertThat(Kafka.await(kafka.admin().listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                .partitionsToOffsetInfo(group)))
                .doesNotContainKey(Kafka.partition(topic, 0));
    }
}
