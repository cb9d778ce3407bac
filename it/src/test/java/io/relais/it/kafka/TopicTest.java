// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static io.relais.it.kafka.fixture.Kafka.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics are created, listed, described and deleted. */
@KafkaTest
class TopicTest {

    private static CreateTopicsResult create(Kafka kafka, NewTopic topic) throws Exception {
        CreateTopicsResult result = kafka.admin().createTopics(List.of(topic));
        Kafka.await(result.all());
        return result;
    }

    private static boolean exists(Kafka kafka, String topic) throws Exception {
        return Kafka.await(kafka.admin().listTopics().names()).contains(topic);
    }

    @Test
    void aTopicIsDescribedAsItWasCreated(Kafka kafka) throws Exception {
        String name = kafka.topicName();

        CreateTopicsResult result = create(kafka,
                new NewTopic(name, 3, (short) 1).configs(Map.of("retention.ms", "60000")));

        assertThat(Kafka.await(result.numPartitions(name))).isEqualTo(3);
        assertThat(Kafka.await(result.replicationFactor(name))).isEqualTo(1);
        assertThat(Kafka.await(result.config(name)).get("retention.ms").value()).isEqualTo("60000");
        kafka.awaitLeaders(name, 3);
        TopicDescription description = at(Kafka.await(kafka.admin().describeTopics(List.of(name)).allTopicNames()),
                name);
        assertThat(description.topicId()).isEqualTo(Kafka.await(result.topicId(name))).isNotEqualTo(Uuid.ZERO_UUID);
        assertThat(description.isInternal()).isFalse();
        assertThat(description.partitions()).hasSize(3).allSatisfy(p -> {
            assertThat(p.leader().id()).isEqualTo(p.replicas().getFirst().id());
            assertThat(p.isr()).isEqualTo(p.replicas()).hasSize(1);
        });
    }

    @Test
    void aTopicIsFoundByItsId(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        Uuid id = kafka.topicId(topic);

        TopicDescription description = at(Kafka.await(
                kafka.admin().describeTopics(TopicCollection.ofTopicIds(List.of(id))).allTopicIds()), id);

        assertThat(description.name()).isEqualTo(topic);
    }

    @Test
    void anUnknownIdIsRefused(Kafka kafka) {
        assertThatThrownBy(() -> Kafka.await(
                kafka.admin().describeTopics(TopicCollection.ofTopicIds(List.of(Uuid.randomUuid()))).allTopicIds()))
                .isInstanceOf(UnknownTopicIdException.class);
    }

    @Test
    void anUnknownTopicIsNotDescribed(Kafka kafka) {
        assertThatThrownBy(
                () -> Kafka.await(kafka.admin().describeTopics(List.of(kafka.name("absent"))).allTopicNames()))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void aTopicWithoutANumberOfPartitionsHasOne(Kafka kafka) throws Exception {
        String name = kafka.topicName();

        CreateTopicsResult result = create(kafka, new NewTopic(name, Optional.empty(), Optional.empty()));

        assertThat(Kafka.await(result.numPartitions(name))).isEqualTo(1);
        assertThat(Kafka.await(result.replicationFactor(name))).isEqualTo(1);
    }

    @Test
    void aTopicThatExistsIsNotCreatedAgain(Kafka kafka) throws Exception {
        String topic = kafka.topic();

        assertThatThrownBy(() -> create(kafka, new NewTopic(topic, 1, (short) 1)))
                .isInstanceOf(TopicExistsException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "with space", "with/slash", "ünïcode",
            "long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long"
                    + "-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long"
                    + "-long-long-long-long-long-long-long-long-long-long"})
    void anInvalidNameIsRefused(String name, Kafka kafka) {
        assertThatThrownBy(() -> create(kafka, new NewTopic(name, 1, (short) 1)))
                .isInstanceOf(InvalidTopicException.class);
    }

    @Test
    void namesThatDifferInADotAndAnUnderscoreCollide(Kafka kafka) throws Exception {
        String name = kafka.topicName();
        create(kafka, new NewTopic(name + ".a", 1, (short) 1));

        assertThatThrownBy(() -> create(kafka, new NewTopic(name + "_a", 1, (short) 1)))
                .isInstanceOf(InvalidTopicException.class);

        kafka.admin().deleteTopics(List.of(name + ".a"));
    }

    @Test
    void aNameOfTwoHundredAndFortyNineLettersIsTheLongest(Kafka kafka) throws Exception {
        String name = kafka.topicName();
        String longest = name + "x".repeat(249 - name.length());

        create(kafka, new NewTopic(longest, 1, (short) 1));

        assertThatThrownBy(() -> create(kafka, new NewTopic(longest + "x", 1, (short) 1)))
                .isInstanceOf(InvalidTopicException.class);
        Kafka.await(kafka.admin().deleteTopics(List.of(longest)).all());
    }

    @Test
    void zeroPartitionsAreRefused(Kafka kafka) {
        assertThatThrownBy(() -> create(kafka, new NewTopic(kafka.topicName(), 0, (short) 1)))
                .isInstanceOf(InvalidPartitionsException.class);
    }

    @Test
    void moreReplicasThanThereAreBrokersAreRefused(Kafka kafka) {
        assertThatThrownBy(() -> create(kafka, new NewTopic(kafka.topicName(), 1, (short) 2)))
                .isInstanceOf(InvalidReplicationFactorException.class);
    }

    @Test
    void anUnknownConfigIsRefused(Kafka kafka) {
        assertThatThrownBy(() -> create(kafka,
                new NewTopic(kafka.topicName(), 1, (short) 1).configs(Map.of("no.such.config", "1"))))
                .isInstanceOf(InvalidConfigurationException.class);
    }

    @Test
    void anInvalidValueOfAConfigIsRefused(Kafka kafka) {
        assertThatThrownBy(() -> create(kafka,
                new NewTopic(kafka.topicName(), 1, (short) 1).configs(Map.of("retention.ms", "soon"))))
                .isInstanceOf(InvalidConfigurationException.class);
    }

    @Test
    void validationAloneCreatesNothing(Kafka kafka) throws Exception {
        String name = kafka.topicName();

        Kafka.await(kafka.admin().createTopics(List.of(new NewTopic(name, 1, (short) 1)),
                new CreateTopicsOptions().validateOnly(true)).all());

        assertThat(exists(kafka, name)).isFalse();
    }

    @Test
    void validationAloneFindsWhatIsWrong(Kafka kafka) {
        assertThatThrownBy(() -> Kafka.await(kafka.admin().createTopics(
                List.of(new NewTopic(kafka.topicName(), 1, (short) 3)), new CreateTopicsOptions().validateOnly(true))
                .all()))
                .isInstanceOf(InvalidReplicationFactorException.class);
    }

    @Test
    void partitionsMayBeAssignedByHand(Kafka kafka) throws Exception {
        String name = kafka.topicName();
        int broker = Kafka.await(kafka.admin().describeCluster().nodes()).iterator().next().id();

        CreateTopicsResult result = create(kafka, new NewTopic(name, Map.of(0, List.of(broker), 1, List.of(broker))));

        assertThat(Kafka.await(result.numPartitions(name))).isEqualTo(2);
    }

    @Test
    void partitionsAreNotAssignedToABrokerThatIsNotThere(Kafka kafka) {
        assertThatThrownBy(() -> create(kafka, new NewTopic(kafka.topicName(), Map.of(0, List.of(4711)))))
                .isInstanceOf(InvalidReplicaAssignmentException.class);
    }

    @Test
    void partitionsAssignedByHandMustBeConsecutive(Kafka kafka) throws Exception {
        int broker = Kafka.await(kafka.admin().describeCluster().nodes()).iterator().next().id();

        assertThatThrownBy(
                () -> create(kafka, new NewTopic(kafka.topicName(), Map.of(0, List.of(broker), 2, List.of(broker)))))
                .isInstanceOf(InvalidReplicaAssignmentException.class);
    }

    @Test
    void aDeletedTopicIsGone(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "v");

        Kafka.await(kafka.admin().deleteTopics(List.of(topic)).all());

        eventually(() -> assertThat(exists(kafka, topic)).isFalse());
    }

    @Test
    void aTopicIsDeletedByItsId(Kafka kafka) throws Exception {
        String topic = kafka.topic();

        Kafka.await(kafka.admin().deleteTopics(TopicCollection.ofTopicIds(List.of(kafka.topicId(topic)))).all());

        eventually(() -> assertThat(exists(kafka, topic)).isFalse());
    }

    @Test
    void anAbsentTopicIsNotDeleted(Kafka kafka) {
        assertThatThrownBy(() -> Kafka.await(kafka.admin().deleteTopics(List.of(kafka.name("absent"))).all()))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void aTopicOfTheSameNameBeginsAnewWithAnotherId(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "old");
        Uuid before = kafka.topicId(topic);
        Kafka.await(kafka.admin().deleteTopics(List.of(topic)).all());
        eventually(() -> assertThat(exists(kafka, topic)).isFalse());

        create(kafka, new NewTopic(topic, 1, (short) 1));
        kafka.awaitLeaders(topic, 1);

        assertThat(kafka.topicId(topic)).isNotEqualTo(before);
        Kafka.send(kafka.producer(Map.of()), new ProducerRecord<>(topic, "new"));
        assertThat(kafka.read(topic, 1)).containsExactly("new");
    }

    @Test
    void aProducerCreatesTheTopicItSendsTo(Kafka kafka) throws Exception {
        String name = kafka.topicName();

        kafka.send(name, "v");

        assertThat(kafka.read(name, 1)).containsExactly("v");
    }

    @Test
    void aConsumerCreatesATopicOnlyIfItWantsTo(Kafka kafka) throws Exception {
        String unwanted = kafka.topicName();
        String wanted = kafka.topicName();

        assertThat(kafka.consumer(Map.of("allow.auto.create.topics", false)).partitionsFor(unwanted)).isNullOrEmpty();
        kafka.consumer(Map.of()).partitionsFor(wanted);

        assertThat(exists(kafka, unwanted)).isFalse();
        eventually(() -> assertThat(exists(kafka, wanted)).isTrue());
    }

    @Test
    void internalTopicsAreListedOnlyOnRequest(Kafka kafka) throws Exception {
        assertThat(Kafka.await(kafka.admin().listTopics().names()))
                .noneMatch(name -> name.startsWith("__consumer_offsets"));
    }
}
