// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.kafka.fixture.Requests.FETCH_BY_NAME;
import static io.relais.it.kafka.fixture.Requests.fetch;
import static io.relais.it.kafka.fixture.Requests.only;
import static io.relais.it.kafka.fixture.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.relais.it.kafka.fixture.Batches;
import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import io.relais.it.kafka.fixture.RawKafka;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.Records;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetch (key 1): where it begins, how much comes, how long it waits. */
@KafkaTest
class FetchTest {

    static Errors error(PartitionData partition) {
        return Errors.forCode(partition.errorCode());
    }

    static List<String> values(PartitionData partition) {
        return Batches.values((Records) partition.records());
    }

    private static FetchResponseData call(RawKafka raw, FetchRequestData request) throws Exception {
        return raw.call(request, FETCH_BY_NAME, new FetchResponseData());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10, 11, 12})
    void everyVersionThatNamesTopicsIsServed(int version, Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "a", "b", "c");

        FetchResponseData response = kafka.raw().call(fetch(topic, 1), version, new FetchResponseData());

        PartitionData partition = only(response);
        assertThat(error(partition)).isEqualTo(Errors.NONE);
        assertThat(values(partition)).containsExactly("b", "c");
        assertThat(partition.highWatermark()).isEqualTo(3);
        assertThat(partition.lastStableOffset()).isEqualTo(3);
        assertThat(partition.logStartOffset()).isEqualTo(version >= 5 ? 0 : -1);
        assertThat(response.throttleTimeMs()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 14, 15, 16, 17, 18})
    void newerVersionsNameTopicsByTheirId(int version, Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "a", "b");
        Uuid id = kafka.topicId(topic);

        FetchResponseData response = kafka.raw().call(fetch(id, 0), version, new FetchResponseData());

        assertThat(values(only(response))).containsExactly("a", "b");
        assertThat(response.responses().getFirst().topicId()).isEqualTo(id);
    }

    @Test
    void anUnknownTopicIdIsRefused(Kafka kafka) throws Exception {
        FetchResponseData response = kafka.raw().call(fetch(Uuid.randomUuid(), 0), 17, new FetchResponseData());

        assertThat(error(only(response))).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void anUnknownTopicIsRefused(Kafka kafka) throws Exception {
        PartitionData partition = only(call(kafka.raw(), fetch(kafka.name("absent"), 0)));

        assertThat(error(partition)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void anOffsetBeyondTheEndIsOutOfRange(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "a");

        assertThat(error(only(call(kafka.raw(), fetch(topic, 2))))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void theEndItselfIsNoError(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "a");

        PartitionData partition = only(call(kafka.raw(), fetch(topic, 1)));

        assertThat(error(partition)).isEqualTo(Errors.NONE);
        assertThat(values(partition)).isEmpty();
        assertThat(partition.highWatermark()).isEqualTo(1);
    }

    @Test
    void anOffsetBeforeTheStartIsOutOfRangeAndTheAnswerTellsTheStart(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "a", "b", "c");
        DeleteRecordsTest.deleteBefore(kafka, topic, 2);

        PartitionData partition = only(call(kafka.raw(), fetch(topic, 1)));

        assertThat(error(partition)).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void aConsumerWithoutAResetPolicyIsToldThatItsOffsetIsOutOfRange(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        TopicPartition partition = Kafka.partition(topic, 0);
        KafkaConsumer<String, String> consumer = kafka.consumer(Map.of("auto.offset.reset", "none"));
        consumer.assign(List.of(partition));
        consumer.seek(partition, 5);

        assertThatThrownBy(() -> Kafka.poll(consumer, 1))
                .isInstanceOf(OffsetOutOfRangeException.class);
    }

    @Test
    void wholeBatchesComeEvenIfTheOffsetIsInTheMiddle(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        produce(kafka.raw(), topic, Batches.of("a", "b", "c"));

        PartitionData partition = only(call(kafka.raw(), fetch(topic, 2)));

        assertThat(values(partition)).as("the client skips what is before").containsExactly("a", "b", "c");
    }

    @Test
    void theFirstBatchComesHoweverLargeItIs(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "x".repeat(10_000), "y");
        FetchRequestData request = fetch(topic, 0).setMaxBytes(100);
        request.topics().getFirst().partitions().getFirst().setPartitionMaxBytes(100);

        assertThat(values(only(call(kafka.raw(), request)))).containsExactly("x".repeat(10_000));
    }

    @Test
    void aPartitionGivesNoMoreThanItsLimit(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        for (int i = 0; i < 10; i++) {
            kafka.send(topic, i + "x".repeat(1_000));
        }
        FetchRequestData request = fetch(topic, 0);
        request.topics().getFirst().partitions().getFirst().setPartitionMaxBytes(3_500);

        PartitionData partition = only(call(kafka.raw(), request));

        assertThat(partition.records().sizeInBytes()).isBetween(1, 3_500);
        assertThat(Batches.batches((Records) partition.records())).hasSize(3);
    }

    @Test
    void anAnswerGivesNoMoreThanItsLimit(Kafka kafka) throws Exception {
        String topic = kafka.topic(4);
        for (int partition = 0; partition < 4; partition++) {
            kafka.sendTo(topic, partition, "x".repeat(1_000), "y".repeat(1_000));
        }
        FetchRequestData request = fetch(topic, 0).setMaxBytes(3_000);
        request.topics().getFirst().setPartitions(partitions(4));

        FetchResponseData response = call(kafka.raw(), request);

        int bytes = response.responses().getFirst().partitions().stream().mapToInt(p -> p.records().sizeInBytes())
                .sum();
        assertThat(bytes).isBetween(1_000, 3_300);
        assertThat(response.responses().getFirst().partitions()).hasSize(4);
    }

    private static List<FetchPartition> partitions(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new FetchPartition().setPartition(i).setPartitionMaxBytes(1 << 20)).toList();
    }

    @Test
    void aFetchWaitsForTheBytesItAsksFor(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        RawKafka raw = kafka.raw();
        raw.send(fetch(topic, 0).setMaxWaitMs(8_000), FETCH_BY_NAME);

        kafka.send(topic, "late");

        PartitionData partition = only(raw.receive(FETCH_BY_NAME, new FetchResponseData()));
        assertThat(values(partition)).containsExactly("late");
        assertThat(partition.highWatermark()).isEqualTo(1);
    }

    @Test
    void aFetchThatFindsTooLittleIsAnsweredWithItWhenItsTimeIsOver(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "little");
        long startNs = System.nanoTime();

        PartitionData partition = only(call(kafka.raw(), fetch(topic, 0).setMaxWaitMs(300).setMinBytes(100_000)));

        assertThat(System.nanoTime() - startNs).isGreaterThan(250_000_000L);
        assertThat(values(partition)).containsExactly("little");
    }

    @Test
    void aFetchThatFindsNothingIsAnsweredWhenItsTimeIsOver(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        long startNs = System.nanoTime();

        PartitionData partition = only(call(kafka.raw(), fetch(topic, 0).setMaxWaitMs(300)));

        assertThat(System.nanoTime() - startNs).isGreaterThan(250_000_000L);
        assertThat(error(partition)).isEqualTo(Errors.NONE);
        assertThat(partition.records().sizeInBytes()).isZero();
    }

    @Test
    void aWaitingFetchHoldsUpOnlyItsOwnConnection(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        RawKafka waiting = kafka.raw();
        waiting.send(fetch(topic, 0).setMaxWaitMs(8_000).setMinBytes(1_000_000), FETCH_BY_NAME);

        kafka.send(topic, "v");

        assertThat(kafka.read(topic, 1)).containsExactly("v");
    }

    @Test
    void aFetchWithAnErrorDoesNotWait(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        long startNs = System.nanoTime();

        PartitionData partition = only(call(kafka.raw(), fetch(topic, 7).setMaxWaitMs(8_000)));

        assertThat(error(partition)).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(System.nanoTime() - startNs).isLessThan(5_000_000_000L);
    }

    @Test
    void aLeaderEpochOfTheFutureIsRefused(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        FetchRequestData request = fetch(topic, 0);
        request.topics().getFirst().partitions().getFirst().setCurrentLeaderEpoch(1_000);

        assertThat(error(only(call(kafka.raw(), request)))).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
    }

    @Test
    void severalTopicsAreFetchedAtOnce(Kafka kafka) throws Exception {
        String one = kafka.topic();
        String two = kafka.topic();
        kafka.send(one, "1");
        kafka.send(two, "2");
        FetchRequestData request = fetch(one, 0);
        request.setTopics(List.of(request.topics().getFirst(),
                new FetchTopic().setTopic(two).setPartitions(partitions(1))));

        FetchResponseData response = call(kafka.raw(), request);

        assertThat(response.responses()).extracting(r -> r.topic() + "=" + values(r.partitions().getFirst()))
                .containsExactlyInAnyOrder(one + "=[1]", two + "=[2]");
    }

    @Test
    void aConsumerSeeksAnywhere(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "a", "b", "c", "d");
        TopicPartition partition = Kafka.partition(topic, 0);
        KafkaConsumer<String, String> consumer = kafka.consumer(Map.of());
        consumer.assign(List.of(partition));

        consumer.seek(partition, 2);
        assertThat(Kafka.values(Kafka.poll(consumer, 2))).containsExactly("c", "d");
        consumer.seekToBeginning(List.of(partition));
        assertThat(Kafka.values(Kafka.poll(consumer, 4))).containsExactly("a", "b", "c", "d");
    }

    @Test
    void manyRecordsComeInOrder(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        var producer = kafka.producer(Map.of("linger.ms", 5));
        List<String> sent = IntStream.range(0, 5_000).mapToObj(i -> i + "-" + "x".repeat(i % 200)).toList();
        sent.forEach(v -> producer.send(new ProducerRecord<>(topic, v)));
        producer.flush();

        assertThat(Kafka.values(
                kafka.records(topic, 5_000, Map.of("fetch.max.bytes", 20_000, "max.partition.fetch.bytes", 5_000))))
                .isEqualTo(sent);
    }
}
