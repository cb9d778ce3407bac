// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static io.relais.it.kafka.fixture.Kafka.at;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ListOffsets (key 2): an offset for a time, or for one of the special times. */
@KafkaTest
class ListOffsetsTest {
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;

    private final Kafka kafka;
    private final String topic;
    private final TopicPartition partition;

    /** Four records at the times 1000, 3000, 2000 and 3000. */
    ListOffsetsTest(Kafka kafka) throws Exception {
        this.kafka = kafka;
        topic = kafka.topic(Map.of("retention.ms", "-1"));
        partition = Kafka.partition(topic, 0);
        for (long timeMs : new long[]{1_000, 3_000, 2_000, 3_000}) {
            kafka.send(new ProducerRecord<>(topic, 0, timeMs, null, "at " + timeMs));
        }
    }

    private ListOffsetsResultInfo offset(OffsetSpec spec) throws Exception {
        return Kafka.await(kafka.admin().listOffsets(Map.of(partition, spec)).partitionResult(partition));
    }

    private ListOffsetsPartitionResponse ask(int version, long timestamp) throws Exception {
        return ask(version, new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(timestamp), 0);
    }

    private ListOffsetsPartitionResponse ask(int version, ListOffsetsPartition about, int isolationLevel)
            throws Exception {
        var request = new ListOffsetsRequestData().setReplicaId(-1).setIsolationLevel((byte) isolationLevel)
                .setTopics(List.of(new ListOffsetsTopic().setName(topic).setPartitions(List.of(about))));
        return kafka.raw().call(request, version, new ListOffsetsResponseData()).topics().getFirst().partitions()
                .getFirst();
    }

    @Test
    void theEarliestOffsetIsTheStartOfTheLog() throws Exception {
        assertThat(offset(OffsetSpec.earliest()).offset()).isZero();
        DeleteRecordsTest.deleteBefore(kafka, topic, 2);
        assertThat(offset(OffsetSpec.earliest()).offset()).isEqualTo(2);
    }

    @Test
    void theLatestOffsetIsTheOneOfTheNextRecord() throws Exception {
        assertThat(offset(OffsetSpec.latest()).offset()).isEqualTo(4);
    }

    @Test
    void theOffsetOfTheLargestTimestampIsTheFirstThatHasIt() throws Exception {
        ListOffsetsResultInfo info = offset(OffsetSpec.maxTimestamp());

        assertThat(info.offset()).isEqualTo(1);
        assertThat(info.timestamp()).isEqualTo(3_000);
    }

    @ParameterizedTest
    @CsvSource({"0,0,1000", "1000,0,1000", "1001,1,3000", "2000,1,3000", "3000,1,3000"})
    void theOffsetForATimeIsTheFirstRecordNotOlder(long timeMs, long offset, long timestamp) throws Exception {
        ListOffsetsResultInfo info = offset(OffsetSpec.forTimestamp(timeMs));

        assertThat(info.offset()).isEqualTo(offset);
        assertThat(info.timestamp()).isEqualTo(timestamp);
    }

    @Test
    void thereIsNoOffsetForATimeAfterAllRecords() throws Exception {
        assertThat(offset(OffsetSpec.forTimestamp(3_001)).offset()).isEqualTo(-1);
    }

    @Test
    void aConsumerFindsOffsetsForTimes() {
        Map<TopicPartition, OffsetAndTimestamp> found = kafka.consumer(Map.of())
                .offsetsForTimes(Map.of(partition, 1_500L));

        assertThat(at(found, partition).offset()).isEqualTo(1);
        assertThat(at(found, partition).timestamp()).isEqualTo(3_000);
        assertThat(at(found, partition).leaderEpoch()).hasValue(0);
    }

    @Test
    void theEarliestLocalOffsetIsTheEarliestWhereNothingIsTiered() throws Exception {
        assertThat(ask(8, EARLIEST_LOCAL).offset()).isZero();
        assertThat(offset(OffsetSpec.earliestLocal()).offset()).isZero();
    }

    @Test
    void thereIsNoLatestTieredOffset() throws Exception {
        ListOffsetsPartitionResponse response = ask(9, LATEST_TIERED);

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
        assertThat(response.offset()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void everyVersionIsServed(int version) throws Exception {
        ListOffsetsPartitionResponse latest = ask(version, LATEST);
        ListOffsetsPartitionResponse earliest = ask(version, EARLIEST);
        ListOffsetsPartitionResponse byTime = ask(version, 2_500);

        assertThat(latest.offset()).isEqualTo(4);
        assertThat(latest.timestamp()).isEqualTo(-1);
        assertThat(earliest.offset()).isZero();
        assertThat(byTime.offset()).isEqualTo(1);
        assertThat(byTime.timestamp()).isEqualTo(3_000);
        assertThat(byTime.leaderEpoch()).isEqualTo(version >= 4 ? 0 : -1);
    }

    @ParameterizedTest
    @CsvSource({"6,-3", "7,-4", "8,-5"})
    void aSpecialTimeThatIsNewerThanTheVersionIsRefused(int version, long timestamp) throws Exception {
        assertThat(Errors.forCode(ask(version, timestamp).errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
    }

    @Test
    void theLargestTimestampOfAnEmptyLogIsNowhere() throws Exception {
        String empty = kafka.topic();

        ListOffsetsResultInfo info = Kafka.await(kafka.admin()
                .listOffsets(Map.of(Kafka.partition(empty, 0), OffsetSpec.maxTimestamp()))
                .partitionResult(Kafka.partition(empty, 0)));

        assertThat(info.offset()).isEqualTo(-1);
        assertThat(info.timestamp()).isEqualTo(-1);
    }

    @Test
    void anUnknownPartitionIsRefused() throws Exception {
        ListOffsetsPartitionResponse response = ask(7,
                new ListOffsetsPartition().setPartitionIndex(5).setTimestamp(LATEST), 0);

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(response.offset()).isEqualTo(-1);
    }

    @Test
    void aLeaderEpochOfTheFutureIsRefused() throws Exception {
        var about = new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(LATEST).setCurrentLeaderEpoch(99);

        assertThat(Errors.forCode(ask(7, about, 0).errorCode())).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
    }

    @Test
    void theLatestOffsetForReadCommittedIsTheLastStableOne() throws Exception {
        KafkaProducer<String, String> producer = kafka.transactional(kafka.name("tx"));
        producer.beginTransaction();
        Kafka.send(producer, new ProducerRecord<>(topic, 0, 9_000L, null, "open"));

        assertThat(latest(IsolationLevel.READ_UNCOMMITTED)).isEqualTo(5);
        assertThat(latest(IsolationLevel.READ_COMMITTED)).isEqualTo(4);
        assertThat(ask(7, new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(8_000), 1).offset())
                .as("what is not stable has no time yet").isEqualTo(-1);

        producer.commitTransaction();
        eventually(() -> assertThat(latest(IsolationLevel.READ_COMMITTED)).as("with the marker").isEqualTo(6));
    }

    private long latest(IsolationLevel isolation) throws Exception {
        return Kafka.await(
                kafka.admin().listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                        .partitionResult(partition))
                .offset();
    }

    @Test
    void theLargestTimestampIsAskedForByVersionSeven() throws Exception {
        assertThat(ask(7, MAX_TIMESTAMP).offset()).isEqualTo(1);
    }
}
