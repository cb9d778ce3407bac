// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.kafka.fixture.Requests.PRODUCE_BY_NAME;
import static io.relais.it.kafka.fixture.Requests.error;
import static io.relais.it.kafka.fixture.Requests.only;
import static io.relais.it.kafka.fixture.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.List;
import java.util.Map;

import io.relais.it.kafka.fixture.Batches;
import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import io.relais.it.kafka.fixture.RawKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Produce (key 0): acknowledgements, offsets, and what a request may name. */
@KafkaTest
class ProduceTest {

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "all"})
    void recordsAreStoredWhateverAcknowledgementIsAskedFor(String acks, Kafka kafka) throws Exception {
        String topic = kafka.topic();
        var producer = kafka.producer(Map.of("acks", acks, "enable.idempotence", false));

        Kafka.send(producer, new ProducerRecord<>(topic, "k", "v"));

        assertThat(kafka.read(topic, 1)).containsExactly("v");
    }

    @Test
    void offsetsCountUpFromZero(Kafka kafka) throws Exception {
        String topic = kafka.topic();

        RecordMetadata first = kafka.send(topic, "a");
        RecordMetadata third = kafka.send(topic, "b", "c");

        assertThat(first.offset()).isZero();
        assertThat(third.offset()).isEqualTo(2);
    }

    @Test
    void withoutAcknowledgementThereIsNoAnswer(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        RawKafka raw = kafka.raw();

        raw.send(produce(0, topic, 0, Batches.of("v")), PRODUCE_BY_NAME);
        raw.call(new ApiVersionsRequestData(), 0, new ApiVersionsResponseData());

        assertThat(kafka.read(topic, 1)).containsExactly("v");
    }

    @Test
    void aRefusedRequestWithoutAcknowledgementClosesTheConnection(Kafka kafka) throws Exception {
        RawKafka raw = kafka.raw();

        raw.send(produce(0, kafka.name("absent"), 0, Batches.of("v")), PRODUCE_BY_NAME);

        assertThat(raw.isClosedByBroker()).isTrue();
    }

    @Test
    void acknowledgementsOtherThanNoneOneAndAllAreRefused(Kafka kafka) throws Exception {
        String topic = kafka.topic();

        ProduceResponseData response = kafka.raw().call(produce(2, topic, 0, Batches.of("v")), PRODUCE_BY_NAME,
                new ProduceResponseData());

        assertThat(error(only(response))).isEqualTo(Errors.INVALID_REQUIRED_ACKS);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void everyVersionThatNamesTopicsIsServed(int version, Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "before");

        ProduceResponseData response = kafka.raw().call(produce(-1, topic, 0, Batches.of("a", "b")), version,
                new ProduceResponseData());

        PartitionProduceResponse partition = only(response);
        assertThat(error(partition)).isEqualTo(Errors.NONE);
        assertThat(partition.baseOffset()).isEqualTo(1);
        assertThat(partition.logAppendTimeMs()).as("the records have the time of their creation").isEqualTo(-1);
        assertThat(partition.logStartOffset()).isEqualTo(version >= 5 ? 0 : -1);
        assertThat(response.throttleTimeMs()).isZero();
        assertThat(kafka.read(topic, 3)).containsExactly("before", "a", "b");
    }

    @Test
    void theNewestVersionNamesTopicsByTheirId(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        Uuid id = kafka.topicId(topic);

        ProduceResponseData response = kafka.raw().call(produce(-1, id, 0, Batches.of("v")), 13,
                new ProduceResponseData());

        assertThat(error(only(response))).isEqualTo(Errors.NONE);
        assertThat(response.responses().iterator().next().topicId()).isEqualTo(id);
        assertThat(kafka.read(topic, 1)).containsExactly("v");
    }

    @Test
    void anUnknownTopicIdIsRefused(Kafka kafka) throws Exception {
        ProduceResponseData response = kafka.raw().call(produce(-1, Uuid.randomUuid(), 0, Batches.of("v")), 13,
                new ProduceResponseData());

        assertThat(error(only(response))).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void anUnknownTopicIsRefusedAndNotCreated(Kafka kafka) throws Exception {
        String absent = kafka.name("absent");

        PartitionProduceResponse response = produce(kafka.raw(), absent, Batches.of("v"));

        assertThat(error(response)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(response.baseOffset()).isEqualTo(-1);
        assertThat(Kafka.await(kafka.admin().listTopics().names())).doesNotContain(absent);
    }

    @Test
    void aPartitionThatTheTopicDoesNotHaveIsRefused(Kafka kafka) throws Exception {
        String topic = kafka.topic();

        ProduceResponseData response = kafka.raw().call(produce(-1, topic, 1, Batches.of("v")), PRODUCE_BY_NAME,
                new ProduceResponseData());

        assertThat(error(only(response))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void onePartitionThatIsRefusedDoesNotHarmTheOthers(Kafka kafka) throws Exception {
        String topic = kafka.topic(2);
        ProduceRequestData request = produce(-1, topic, 0, MemoryRecords.EMPTY);
        request.topicData().iterator().next().setPartitionData(List.of(
                new PartitionProduceData().setIndex(0).setRecords(Batches.of("zero")),
                new PartitionProduceData().setIndex(7).setRecords(Batches.of("seven")),
                new PartitionProduceData().setIndex(1).setRecords(Batches.of("one"))));

        ProduceResponseData response = kafka.raw().call(request, PRODUCE_BY_NAME, new ProduceResponseData());

        assertThat(response.responses().iterator().next().partitionResponses())
                .extracting(PartitionProduceResponse::index, p -> Errors.forCode(p.errorCode()))
                .containsExactlyInAnyOrder(tuple(0, Errors.NONE),
                        tuple(1, Errors.NONE),
                        tuple(7, Errors.UNKNOWN_TOPIC_OR_PARTITION));
        assertThat(kafka.read(topic, 2)).containsExactlyInAnyOrder("zero", "one");
    }

    @Test
    void requestsOfAConnectionAreAnsweredInTheirOrder(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        RawKafka raw = kafka.raw();
        for (int i = 0; i < 20; i++) {
            raw.send(produce(i % 2 == 0 ? -1 : 1, topic, 0, Batches.of("v" + i)), PRODUCE_BY_NAME);
        }

        for (int i = 0; i < 20; i++) {
            ProduceResponseData response = raw.receive(PRODUCE_BY_NAME, new ProduceResponseData(), i + 1);
            assertThat(only(response).baseOffset()).isEqualTo(i);
        }
    }

    @Test
    void keysValuesHeadersAndTimestampsComeBackAsTheyWere(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        var headers = List.<Header>of(new RecordHeader("h", Kafka.octets("1")),
                new RecordHeader("h", Kafka.octets("2")), new RecordHeader("", new byte[0]));
        long timestampMs = System.currentTimeMillis() - 1_000;

        kafka.send(new ProducerRecord<>(topic, 0, timestampMs, "key", "välue", headers));
        kafka.send(new ProducerRecord<>(topic, 0, null, ""));

        List<ConsumerRecord<String, String>> records = kafka.records(topic, 2, Map.of());
        ConsumerRecord<String, String> first = records.get(0);
        assertThat(first.key()).isEqualTo("key");
        assertThat(first.value()).isEqualTo("välue");
        assertThat(first.timestamp()).isEqualTo(timestampMs);
        assertThat(first.headers().toArray()).containsExactlyElementsOf(headers);
        assertThat(records.get(1).key()).isNull();
        assertThat(records.get(1).value()).isEmpty();
    }

    @Test
    void aNullValueStaysNull(Kafka kafka) throws Exception {
        String topic = kafka.topic();

        kafka.send(new ProducerRecord<>(topic, 0, "k", null));

        assertThat(kafka.records(topic, 1, Map.of()).getFirst().value()).isNull();
    }

    @Test
    void theClientSpreadsKeysOverPartitionsAndReadsThemThere(Kafka kafka) throws Exception {
        String topic = kafka.topic(8);
        for (int i = 0; i < 40; i++) {
            kafka.send(new ProducerRecord<>(topic, "key-" + i % 10, "v" + i));
        }

        List<ConsumerRecord<String, String>> records = kafka.records(topic, 40, Map.of());

        assertThat(records).hasSize(40);
        assertThat(records.stream().map(r -> r.key() + "@" + r.partition()).distinct()).as("a key has one partition")
                .hasSize(10);
    }

    @Test
    void aTopicOfATypoIsRefusedByTheClientAfterItsPatience(Kafka kafka) {
        var producer = kafka.producer(Map.of("max.block.ms", 300));

        assertThatThrownBy(() -> Kafka.send(producer, new ProducerRecord<>("no/such name", "v")))
                .isInstanceOfAny(TimeoutException.class, InvalidTopicException.class);
    }
}
