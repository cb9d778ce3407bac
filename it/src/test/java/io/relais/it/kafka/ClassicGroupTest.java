// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static io.relais.it.kafka.fixture.Kafka.awaitAssignment;
import static io.relais.it.kafka.fixture.Kafka.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups of the classic protocol: members join, one assigns, all sync, and beat. */
@KafkaTest
class ClassicGroupTest {
    private final Kafka kafka;
    private final String topic;
    private final String group;

    ClassicGroupTest(Kafka kafka) throws Exception {
        this.kafka = kafka;
        topic = kafka.topic(4);
        group = kafka.name("group");
    }

    private KafkaConsumer<String, String> join(Map<String, Object> configs) {
        KafkaConsumer<String, String> member = kafka.member(group, configs);
        member.subscribe(List.of(topic));
        return member;
    }

    private static void poll(List<KafkaConsumer<String, String>> members) {
        members.forEach(member -> member.poll(Duration.ofMillis(20)));
    }

    private static Collection<TopicPartition> assigned(List<KafkaConsumer<String, String>> members) {
        return members.stream().flatMap(m -> m.assignment().stream()).toList();
    }

    private static void awaitShares(List<KafkaConsumer<String, String>> members, int... shares) throws Exception {
        eventually(() -> {
            poll(members);
            for (int i = 0; i < shares.length; i++) {
                assertThat(members.get(i).assignment()).hasSize(shares[i]);
            }
            assertThat(assigned(members)).doesNotHaveDuplicates();
        });
    }

    @Test
    void aLoneMemberGetsAllPartitionsAndAllRecords() throws Exception {
        for (int partition = 0; partition < 4; partition++) {
            kafka.sendTo(topic, partition, "v" + partition);
        }

        KafkaConsumer<String, String> member = join(Map.of());

        assertThat(values(Kafka.poll(member, 4))).containsExactlyInAnyOrder("v0", "v1", "v2", "v3");
        assertThat(member.assignment()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RangeAssignor", "RoundRobinAssignor", "StickyAssignor", "CooperativeStickyAssignor"})
    void membersShareThePartitions(String assignor) throws Exception {
        Map<String, Object> configs = Map.of("partition.assignment.strategy",
                "org.apache.kafka.clients.consumer." + assignor,
                "heartbeat.interval.ms", 100);
        KafkaConsumer<String, String> one = join(configs);
        awaitAssignment(one, 4);

        KafkaConsumer<String, String> two = join(configs);

        awaitShares(List.of(one, two), 2, 2);
    }

    @Test
    void whenAMemberLeavesTheOthersTakeItsPartitions() throws Exception {
        KafkaConsumer<String, String> one = join(Map.of("heartbeat.interval.ms", 100));
        KafkaConsumer<String, String> two = join(Map.of("heartbeat.interval.ms", 100));
        awaitShares(List.of(one, two), 2, 2);

        two.close();

        awaitAssignment(one, 4);
    }

    @Test
    void aMemberThatNoLongerBeatsIsReplacedAfterItsSessionTimeout() throws Exception {
        int generation = RawGroup.joinAndVanish(kafka, group, topic, 6_000);
        assertThat(generation).isEqualTo(1);

        KafkaConsumer<String, String> survivor = join(Map.of());

        awaitAssignment(survivor, 4);
    }

    @Test
    void aCooperativeMemberKeepsWhatItNeedNotGiveAway() throws Exception {
        Map<String, Object> configs = Map.of("heartbeat.interval.ms", 100, "partition.assignment.strategy",
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        List<TopicPartition> revoked = new ArrayList<>();
        KafkaConsumer<String, String> one = kafka.member(group, configs);
        one.subscribe(List.of(topic), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                revoked.addAll(partitions);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
        });
        awaitAssignment(one, 4);

        KafkaConsumer<String, String> two = join(configs);

        awaitShares(List.of(one, two), 2, 2);
        assertThat(revoked).hasSize(2);
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
    void aMemberThatWasPutOutCannotCommit() throws Exception {
        KafkaConsumer<String, String> slow = join(Map.of("max.poll.interval.ms", 300, "heartbeat.interval.ms", 100));
        awaitAssignment(slow, 4);
        KafkaConsumer<String, String> other = join(Map.of("heartbeat.interval.ms", 100));
        Thread.sleep(500);
        awaitAssignment(other, 4);

        assertThatThrownBy(() -> slow.commitSync(Map.of(Kafka.partition(topic, 0), new OffsetAndMetadata(1))))
                .isInstanceOf(CommitFailedException.class);
    }

    @Test
    void aMemberWithoutTheProtocolOfTheOthersIsRefused() throws Exception {
        KafkaConsumer<String, String> one = join(
                Map.of("partition.assignment.strategy", "org.apache.kafka.clients.consumer.RangeAssignor"));
        awaitAssignment(one, 4);

        KafkaConsumer<String, String> two = join(
                Map.of("partition.assignment.strategy", "org.apache.kafka.clients.consumer.RoundRobinAssignor"));

        assertThatThrownBy(() -> Kafka.poll(two, 1))
                .isInstanceOf(InconsistentGroupProtocolException.class);
    }

    @Test
    void aStaticMemberThatComesBackInTimeGetsItsPartitionsWithoutARebalance() throws Exception {
        Map<String, Object> configs = Map.of("heartbeat.interval.ms", 100);
        KafkaConsumer<String, String> one = join(with(configs, "group.instance.id", "one"));
        KafkaConsumer<String, String> two = join(with(configs, "group.instance.id", "two"));
        awaitShares(List.of(one, two), 2, 2);
        List<TopicPartition> before = List.copyOf(two.assignment());
        int generation = one.groupMetadata().generationId();
        two.close();

        KafkaConsumer<String, String> again = join(with(configs, "group.instance.id", "two"));

        awaitAssignment(again, 2);
        assertThat(again.assignment()).containsExactlyInAnyOrderElementsOf(before);
        one.poll(Duration.ofMillis(50));
        assertThat(one.groupMetadata().generationId()).isEqualTo(generation);
    }

    @Test
    void theSecondOfTwoStaticMembersWithOneNameFencesTheFirst() throws Exception {
        Map<String, Object> configs = Map.of("heartbeat.interval.ms", 100, "group.instance.id", "same");
        KafkaConsumer<String, String> one = join(configs);
        awaitAssignment(one, 4);

        KafkaConsumer<String, String> two = join(configs);
        awaitAssignment(two, 4);

        assertThatThrownBy(() -> Kafka.poll(one, 1)).isInstanceOf(FencedInstanceIdException.class);
    }

    @Test
    void aPatternFindsTopicsThatComeLater() throws Exception {
        KafkaConsumer<String, String> member = kafka.member(group, Map.of("metadata.max.age.ms", 200));
        member.subscribe(Pattern.compile(Pattern.quote(topic) + ".*"));
        awaitAssignment(member, 4);

        Kafka.await(kafka.admin().createTopics(List.of(new NewTopic(topic + "-later", 2, (short) 1))).all());

        awaitAssignment(member, 6);
        Kafka.await(kafka.admin().deleteTopics(List.of(topic + "-later")).all());
    }

    private static Map<String, Object> with(Map<String, Object> configs, String key, Object value) {
        Map<String, Object> all = new HashMap<>(configs);
        all.put(key, value);
        return all;
    }
}
