// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.kafka.fixture.Requests.error;
import static io.relais.it.kafka.fixture.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.Stream;

import io.relais.it.kafka.fixture.Batches;
import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a batch is found before it is stored: checksum, structure, size, keys. */
@KafkaTest
class BatchValidationTest {
    /** Offsets of fields in a batch of format 2. */
    private static final int LENGTH = 8;
    private static final int MAGIC = 16;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int RECORD_COUNT = 57;
    /** Of the attributes: a control batch. */
    private static final int CONTROL = 0x20;

    @Test
    void aWrongChecksumIsRefused(Kafka kafka) throws Exception {
        assertRefused(kafka, Batches.corrupt(Batches.of("a")), Errors.CORRUPT_MESSAGE);
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                Arguments.of("more records than there are", Batches.withInt(Batches.of("a", "b"), RECORD_COUNT, 3),
                        Errors.INVALID_RECORD),
                Arguments.of("fewer records than there are", Batches.withInt(Batches.of("a", "b"), RECORD_COUNT, 1),
                        Errors.INVALID_RECORD),
                Arguments.of("a last offset that does not fit the count",
                        Batches.withInt(Batches.of("a", "b"), LAST_OFFSET_DELTA, 5), Errors.INVALID_RECORD),
                Arguments.of("a negative count", Batches.withInt(Batches.of("a"), RECORD_COUNT, -1),
                        Errors.INVALID_RECORD),
                Arguments.of("no record at all", Batches.withInt(Batches.of("a"), RECORD_COUNT, 0),
                        Errors.INVALID_RECORD),
                Arguments.of("a control batch from a client", control(), Errors.INVALID_RECORD));
    }

    private static MemoryRecords control() {
        return Batches.with(Batches.of("a"), ATTRIBUTES + 1, CONTROL);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void aBatchThatLiesIsRefused(String what, MemoryRecords records, Errors error, Kafka kafka) throws Exception {
        String topic = kafka.topic();

        PartitionProduceResponse response = produce(kafka.raw(), topic, records);

        assertThat(error(response)).as(what).isEqualTo(error);
        assertThat(produce(kafka.raw(), topic, Batches.of("first")).baseOffset()).as("nothing was stored").isZero();
    }

    @Test
    void anUnknownCompressionIsRefused(Kafka kafka) throws Exception {
        String topic = kafka.topic();

        PartitionProduceResponse response = produce(kafka.raw(), topic,
                Batches.with(Batches.of("a"), ATTRIBUTES + 1, 7));

        assertThat(error(response)).isNotEqualTo(Errors.NONE);
        assertThat(produce(kafka.raw(), topic, Batches.of("first")).baseOffset()).as("nothing was stored").isZero();
    }

    @Test
    void anOldFormatOfRecordsIsRefused(Kafka kafka) throws Exception {
        MemoryRecords old = MemoryRecords.withRecords(RecordBatch.MAGIC_VALUE_V1, Compression.NONE,
                Batches.records(1, "a"));

        assertThat(error(produce(kafka.raw(), kafka.topic(), old))).isIn(Errors.UNSUPPORTED_FOR_MESSAGE_FORMAT,
                Errors.INVALID_RECORD);
    }

    @Test
    void anUnknownFormatIsRefused(Kafka kafka) throws Exception {
        PartitionProduceResponse response = produce(kafka.raw(), kafka.topic(),
                Batches.with(Batches.of("a"), MAGIC, 3));

        assertThat(error(response)).isNotEqualTo(Errors.NONE);
    }

    @Test
    void aBatchThatIsLongerThanItsRequestIsRefused(Kafka kafka) throws Exception {
        ByteBuffer batch = Batches.copy(Batches.of("a"));
        batch.putInt(LENGTH, batch.getInt(LENGTH) + 1_000);
        String topic = kafka.topic();

        PartitionProduceResponse response = produce(kafka.raw(), topic, MemoryRecords.readableRecords(batch));

        assertThat(error(response)).isIn(Errors.INVALID_RECORD, Errors.CORRUPT_MESSAGE);
        assertThat(produce(kafka.raw(), topic, Batches.of("first")).baseOffset()).as("nothing was stored").isZero();
    }

    @Test
    void compressedRubbishIsRefused(Kafka kafka) throws Exception {
        MemoryRecords rubbish = Batches.with(Batches.of("not gzip"), ATTRIBUTES + 1, 1);

        PartitionProduceResponse response = produce(kafka.raw(), kafka.topic(), rubbish);

        assertThat(error(response)).isNotEqualTo(Errors.NONE);
    }

    @Test
    void aBatchLargerThanTheTopicAllowsIsRefused(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("max.message.bytes", "1000"));

        assertThatThrownBy(() -> kafka.send(topic, "x".repeat(1_100))).isInstanceOf(RecordTooLargeException.class);
        kafka.send(topic, "x".repeat(800));
    }

    @Test
    void withoutASettingTheLimitIsOneMebibyteAndTwelveOctets(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        int overhead = Batches.of("").sizeInBytes() + 4; // the varints of longer lengths
        int limit = 1_048_588;

        assertThat(error(produce(kafka.raw(), topic, Batches.of("x".repeat(limit - overhead))))).isEqualTo(Errors.NONE);
        assertThat(error(produce(kafka.raw(), topic, Batches.of("x".repeat(limit)))))
                .isEqualTo(Errors.MESSAGE_TOO_LARGE);
    }

    @Test
    void aChangedLimitHoldsAtOnce(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("max.message.bytes", "1000"));

        TopicConfigs.set(kafka, topic, "max.message.bytes", "5000");

        kafka.send(topic, "x".repeat(4_000));
    }

    @Test
    void aCompactedTopicRefusesRecordsWithoutAKeyAndNamesThem(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("cleanup.policy", "compact"));
        MemoryRecords records = MemoryRecords.withRecords(Compression.NONE,
                new SimpleRecord(1, Kafka.octets("key"), Kafka.octets("a")), new SimpleRecord(1, Kafka.octets("b")));

        PartitionProduceResponse response = produce(kafka.raw(), topic, records);

        assertThat(error(response)).isEqualTo(Errors.INVALID_RECORD);
        assertThat(response.recordErrors()).singleElement().satisfies(e -> {
            assertThat(e.batchIndex()).isEqualTo(1);
            assertThat(e.batchIndexErrorMessage()).isNotEmpty();
        });
        assertThat(response.errorMessage()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("compressions")
    void compressedBatchesAreStoredAndReadInAnyCompression(String type, Kafka kafka) throws Exception {
        String topic = kafka.topic();
        var producer = kafka.producer(Map.of("compression.type", type));

        Kafka.send(producer, new ProducerRecord<>(topic, "x".repeat(10_000)));

        assertThat(kafka.read(topic, 1)).containsExactly("x".repeat(10_000));
    }

    static Stream<String> compressions() {
        return Stream.of("none", "gzip", "snappy", "lz4", "zstd");
    }

    @Test
    void aBatchWithRelativeOffsetsThatJumpIsRefused(Kafka kafka) throws Exception {
        try (var builder = MemoryRecords.builder(ByteBuffer.allocate(500), RecordBatch.MAGIC_VALUE_V2, Compression.NONE,
                TimestampType.CREATE_TIME, 0)) {
            builder.appendWithOffset(0, 1, null, Kafka.octets("a"));
            builder.appendWithOffset(2, 1, null, Kafka.octets("b"));

            assertThat(error(produce(kafka.raw(), kafka.topic(), builder.build()))).isEqualTo(Errors.INVALID_RECORD);
        }
    }

    private static void assertRefused(Kafka kafka, MemoryRecords records, Errors error) throws Exception {
        String topic = kafka.topic();
        assertThat(error(produce(kafka.raw(), topic, records))).isEqualTo(error);
        assertThat(produce(kafka.raw(), topic, Batches.of("first")).baseOffset()).as("nothing was stored").isZero();
    }
}
