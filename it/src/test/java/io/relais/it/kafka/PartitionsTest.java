// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static io.relais.it.kafka.fixture.Kafka.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

/** CreatePartitions (key 37): a topic grows, and never shrinks. */
@KafkaTest
class PartitionsTest {

    private static void grow(Kafka kafka, String topic, int count) throws Exception {
        Kafka.await(kafka.admin().createPartitions(Map.of(topic, NewPartitions.increaseTo(count))).all());
    }

    private static int partitions(Kafka kafka, String topic) throws Exception {
        TopicDescription description = at(Kafka.await(kafka.admin().describeTopics(List.of(topic)).allTopicNames()),
                topic);
        return description.partitions().size();
    }

    @Test
    void aTopicGrows(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "old");

        grow(kafka, topic, 3);
        kafka.awaitLeaders(topic, 3);

        assertThat(partitions(kafka, topic)).isEqualTo(3);
        Kafka.send(kafka.producer(Map.of()), new ProducerRecord<>(topic, 2, null, "new"));
        assertThat(kafka.read(topic, 2)).containsExactlyInAnyOrder("old", "new");
    }

    @Test
    void aTopicDoesNotShrink(Kafka kafka) throws Exception {
        String topic = kafka.topic(3);

        assertThatThrownBy(() -> grow(kafka, topic, 2)).isInstanceOf(InvalidPartitionsException.class);
        assertThatThrownBy(() -> grow(kafka, topic, 3)).isInstanceOf(InvalidPartitionsException.class);
    }

    @Test
    void anAbsentTopicDoesNotGrow(Kafka kafka) {
        assertThatThrownBy(() -> grow(kafka, kafka.name("absent"), 2))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void validationAloneChangesNothing(Kafka kafka) throws Exception {
        String topic = kafka.topic();

        Kafka.await(kafka.admin().createPartitions(Map.of(topic, NewPartitions.increaseTo(5)),
                new CreatePartitionsOptions().validateOnly(true)).all());

        assertThat(partitions(kafka, topic)).isEqualTo(1);
    }

    @Test
    void consumersOfAGroupGetTheNewPartitions(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        var member = kafka.member(kafka.name("group"), Map.of("metadata.max.age.ms", 200));
        member.subscribe(List.of(topic));
        Kafka.awaitAssignment(member, 1);

        grow(kafka, topic, 2);

        eventually(() -> {
            member.poll(Duration.ofMillis(20));
            assertThat(member.assignment()).hasSize(2);
        });
    }
}
