// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metadata (key 3): where partitions are, in every version. */
@KafkaTest
class MetadataTest {

    private static MetadataRequestData about(String topic) {
        return new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName(topic)))
                .setAllowAutoTopicCreation(false);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
    void everyVersionIsServed(int version, Kafka kafka) throws Exception {
        String topic = kafka.topic(2);
        // what a version does not know must have its default
        MetadataRequestData request = about(topic).setAllowAutoTopicCreation(version < 4);

        MetadataResponseData response = kafka.raw().call(request, version, new MetadataResponseData());

        assertThat(response.brokers()).singleElement()
                .satisfies(b -> assertThat(b.host() + ":" + b.port()).isEqualTo(kafka.bootstrap()));
        int node = response.brokers().iterator().next().nodeId();
        MetadataResponseTopic described = response.topics().iterator().next();
        assertThat(Errors.forCode(described.errorCode())).isEqualTo(Errors.NONE);
        assertThat(described.name()).isEqualTo(topic);
        assertThat(described.partitions()).hasSize(2).allSatisfy(p -> {
            assertThat(p.leaderId()).isEqualTo(node);
            assertThat(p.replicaNodes()).containsExactly(node);
            assertThat(p.isrNodes()).containsExactly(node);
        });
        if (version >= 2) {
            assertThat(response.clusterId()).isNotEmpty();
        }
        if (version >= 7) {
            assertThat(described.partitions()).allSatisfy(p -> assertThat(p.leaderEpoch()).isZero());
        }
        if (version >= 10) {
            assertThat(described.topicId()).isEqualTo(kafka.topicId(topic));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 12})
    void allTopicsAreToldOnRequest(int version, Kafka kafka) throws Exception {
        String topic = kafka.topic();
        MetadataRequestData request = new MetadataRequestData().setTopics(version == 0 ? List.of() : null);

        assertThat(kafka.raw().call(request, version, new MetadataResponseData()).topics())
                .anySatisfy(t -> assertThat(t.name()).isEqualTo(topic));
    }

    @Test
    void noTopicIsToldIfNoneIsAskedFor(Kafka kafka) throws Exception {
        kafka.topic();

        assertThat(kafka.raw().call(new MetadataRequestData().setTopics(List.of()), 9, new MetadataResponseData())
                .topics()).isEmpty();
    }

    @Test
    void anAbsentTopicIsUnknownAndStaysAbsentIfTheClientDoesNotWantIt(Kafka kafka) throws Exception {
        String absent = kafka.name("absent");

        MetadataResponseTopic topic = kafka.raw().call(about(absent), 12, new MetadataResponseData()).topics()
                .iterator().next();

        assertThat(Errors.forCode(topic.errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(Kafka.await(kafka.admin().listTopics().names())).doesNotContain(absent);
    }

    @Test
    void anInvalidNameIsRefused(Kafka kafka) throws Exception {
        MetadataRequestData request = about("no/name").setAllowAutoTopicCreation(true);

        MetadataResponseTopic topic = kafka.raw().call(request, 12, new MetadataResponseData()).topics().iterator()
                .next();

        assertThat(Errors.forCode(topic.errorCode())).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void aTopicIsAskedForByItsId(Kafka kafka) throws Exception {
        String name = kafka.topic();
        Uuid id = kafka.topicId(name);
        MetadataRequestData request = new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestTopic().setName(null).setTopicId(id)));

        MetadataResponseTopic topic = kafka.raw().call(request, 12, new MetadataResponseData()).topics().iterator()
                .next();

        assertThat(topic.name()).isEqualTo(name);
    }

    @Test
    void anUnknownIdIsRefused(Kafka kafka) throws Exception {
        MetadataRequestData request = new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestTopic().setName(null).setTopicId(Uuid.randomUuid())));

        MetadataResponseTopic topic = kafka.raw().call(request, 12, new MetadataResponseData()).topics().iterator()
                .next();

        assertThat(Errors.forCode(topic.errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }
}
