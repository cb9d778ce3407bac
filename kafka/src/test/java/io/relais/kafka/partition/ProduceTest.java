// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import static io.relais.kafka.partition.TestBatches.changed;
import static io.relais.kafka.partition.TestBatches.compressed;
import static io.relais.kafka.partition.TestBatches.damaged;
import static io.relais.kafka.partition.TestBatches.idempotent;
import static io.relais.kafka.partition.TestBatches.plain;
import static io.relais.kafka.partition.TestBatches.records;
import static io.relais.kafka.partition.TestBatches.transactional;
import static io.relais.kafka.partition.TestBatches.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.relais.log.record.RecordBatch;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a producer may send, and what it is told. */
class ProduceTest {

    private static MutableRecordBatch stored(TestClient client) {
        var part = client.fetchOne(TestClient.fetching(0));
        return ((MemoryRecords) Objects.requireNonNull(part.records())).batches().iterator().next();
    }

    @Nested
    class GivenATopic {
        final SimulatedKafka kafka = SimulatedKafka.withTopic(Map.of());
        final TestClient client = kafka.client();

        static Stream<Arguments> refused() {
            return Stream.of(
                    Arguments.of("no records", 9, MemoryRecords.EMPTY, Errors.INVALID_RECORD),
                    Arguments.of("cut short", 9, damaged(plain("a"), bytes -> bytes.limit(bytes.limit() - 1)),
                            Errors.INVALID_RECORD),
                    Arguments.of("shorter than a header", 9,
                            damaged(plain("a"), bytes -> bytes.putInt(RecordBatch.LENGTH, 20).limit(32)),
                            Errors.CORRUPT_MESSAGE),
                    Arguments.of("a negative length", 9,
                            damaged(plain("a"), bytes -> bytes.putInt(RecordBatch.LENGTH, -5)),
                            Errors.CORRUPT_MESSAGE),
                    Arguments.of("an old version", 9,
                            damaged(plain("a"), bytes -> bytes.put(RecordBatch.MAGIC, (byte) 1)),
                            Errors.INVALID_RECORD),
                    Arguments.of("two batches", 9, two(plain("a"), plain("b")), Errors.INVALID_RECORD),
                    Arguments.of("a flipped bit", 9,
                            damaged(plain("abc"), bytes -> bytes.put(70, (byte) (bytes.get(70) ^ 1))),
                            Errors.CORRUPT_MESSAGE),
                    Arguments.of("a base offset", 9,
                            damaged(plain("a"), bytes -> bytes.putLong(RecordBatch.BASE_OFFSET, 5)),
                            Errors.INVALID_RECORD),
                    Arguments.of("a count of 0", 9,
                            changed(plain("a"), bytes -> bytes.putInt(RecordBatch.RECORDS_COUNT, 0)),
                            Errors.INVALID_RECORD),
                    Arguments.of("a count above the offsets", 9,
                            changed(plain("a"), bytes -> bytes.putInt(RecordBatch.RECORDS_COUNT, 2)),
                            Errors.INVALID_RECORD),
                    Arguments.of("a count above the records", 9, changed(plain("a"), bytes -> bytes
                            .putInt(RecordBatch.RECORDS_COUNT, 2).putInt(RecordBatch.LAST_OFFSET_DELTA, 1)),
                            Errors.INVALID_RECORD),
                    Arguments.of("a count below the records", 9, changed(plain("a", "b"), bytes -> bytes
                            .putInt(RecordBatch.RECORDS_COUNT, 1).putInt(RecordBatch.LAST_OFFSET_DELTA, 0)),
                            Errors.INVALID_RECORD),
                    Arguments.of("a compressed count below the records", 9,
                            changed(compressed(Compression.lz4().build(), "a", "b"), bytes -> bytes
                                    .putInt(RecordBatch.RECORDS_COUNT, 1).putInt(RecordBatch.LAST_OFFSET_DELTA, 0)),
                            Errors.INVALID_RECORD),
                    Arguments.of("a record length that lies", 9,
                            changed(plain("abc"), bytes -> bytes.put(RecordBatch.RECORDS,
                                    (byte) (bytes.get(RecordBatch.RECORDS) + 2))),
                            Errors.INVALID_RECORD),
                    Arguments.of("what does not decompress", 9,
                            changed(compressed(Compression.gzip().build(), "abc"), bytes -> bytes.putLong(70, -1)),
                            Errors.INVALID_RECORD),
                    Arguments.of("zstd before version 7", 6, compressed(Compression.zstd().build(), "a"),
                            Errors.UNSUPPORTED_COMPRESSION_TYPE),
                    Arguments.of("an unknown compression", 9, attributes(plain("a"), 7),
                            Errors.UNSUPPORTED_COMPRESSION_TYPE),
                    Arguments.of("a control batch", 9, attributes(transactional(1, 0, 0, "a"), 0x30),
                            Errors.INVALID_RECORD),
                    Arguments.of("a transaction of nobody", 9, attributes(plain("a"), 0x10), Errors.INVALID_RECORD),
                    Arguments.of("the broker's timestamp type", 9, attributes(plain("a"), 8),
                            Errors.INVALID_TIMESTAMP),
                    Arguments.of("a producer without a sequence", 9,
                            changed(idempotent(1, 0, 0, "a"), bytes -> bytes.putInt(RecordBatch.BASE_SEQUENCE, -1)),
                            Errors.INVALID_RECORD),
                    Arguments.of("more than max.message.bytes", 9, plain("x".repeat(1_100_000)),
                            Errors.MESSAGE_TOO_LARGE),
                    Arguments.of("more than it may decompress to", 9,
                            compressed(Compression.gzip().build(), "x".repeat(70_000_000)),
                            Errors.MESSAGE_TOO_LARGE));
        }

        private static MemoryRecords two(MemoryRecords first, MemoryRecords second) {
            ByteBuffer both = ByteBuffer.allocate(first.sizeInBytes() + second.sizeInBytes());
            both.put(first.buffer().duplicate()).put(second.buffer().duplicate());
            return MemoryRecords.readableRecords(both.flip());
        }

        private static MemoryRecords attributes(MemoryRecords records, int attributes) {
            return changed(records, bytes -> bytes.putShort(RecordBatch.ATTRIBUTES, (short) attributes));
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource
        void refused(String what, int version, MemoryRecords records, Errors error) {
            var answer = client.produce(version, records);

            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(error);
            assertThat(answer.baseOffset()).isEqualTo(-1);
            assertThat(kafka.open(0).logEndOffset()).isZero();
        }

        @Test
        void aBatchGetsItsOffsetsAndStaysAsItWasSent() {
            client.produce(9, plain("a", "b"));
            var answer = client.produce(9, plain("c"));

            assertThat(answer.errorCode()).isZero();
            assertThat(answer.baseOffset()).isEqualTo(2);
            assertThat(answer.logAppendTimeMs()).isEqualTo(-1);
            assertThat(TestClient.values(client.fetchOne(TestClient.fetching(0)))).containsExactly("a", "b", "c");
            assertThat(stored(client).partitionLeaderEpoch()).isZero();
        }

        @ParameterizedTest
        @EnumSource(CompressionType.class)
        void everyCompressionIsTakenAndKept(CompressionType type) {
            var answer = client.produce(9, compressed(Compression.of(type).build(), "a", "b", "c"));

            assertThat(answer.errorCode()).isZero();
            assertThat(TestClient.values(client.fetchOne(TestClient.fetching(0)))).containsExactly("a", "b", "c");
            assertThat(stored(client).compressionType()).isEqualTo(type);
        }

        @Test
        void timestampsFarInTheFutureAreRefusedByRecord() {
            long now = kafka.simulation.nowMs();
            var answer = client.produce(9, MemoryRecords.withRecords(Compression.NONE,
                    new SimpleRecord(now, utf8("a")), new SimpleRecord(now + 7_200_000, utf8("b"))));

            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.INVALID_TIMESTAMP);
            assertThat(answer.recordErrors()).singleElement()
                    .satisfies(error -> assertThat(error.batchIndex()).isEqualTo(1));
        }

        @Test
        void aWrongMaxTimestampIsPutRight() {
            client.produce(9, changed(plain("a"), bytes -> bytes.putLong(RecordBatch.MAX_TIMESTAMP, 5)));

            assertThat(stored(client).maxTimestamp()).isEqualTo(1_000_000_000L);
            assertThat(stored(client).isValid()).isTrue();
        }

        @Test
        void whatIsNotThereIsSaid() {
            var unknown = client.call(ApiKeys.PRODUCE, 9, TestClient.production("other", 0, plain("a"), 1),
                    ProduceResponseData.class);
            var outside = client.call(ApiKeys.PRODUCE, 9, TestClient.production("orders", 5, plain("a"), 1),
                    ProduceResponseData.class);
            var byId = client.call(ApiKeys.PRODUCE, 13, TestClient.production("", 0, plain("a"), 1),
                    ProduceResponseData.class);

            assertThat(error(unknown)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(error(outside)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(error(byId)).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        }

        @Test
        void acksAreAllOneOrNone() {
            var two = client.call(ApiKeys.PRODUCE, 9, TestClient.production("orders", 0, plain("a"), 2),
                    ProduceResponseData.class);

            assertThat(error(two)).isEqualTo(Errors.INVALID_REQUIRED_ACKS);
        }

        @Test
        void whoWantsNoAnswerGetsNoneAndIsDisconnectedWhenItFails() {
            int well = client.send(ApiKeys.PRODUCE, 9, TestClient.production("orders", 0, plain("a"), 0));
            assertThat(client.answer(well, ProduceResponseData.class)).isNull();
            assertThat(client.isOpen()).isTrue();
            assertThat(kafka.partition(0).highWatermark()).isEqualTo(1);

            client.send(ApiKeys.PRODUCE, 9, TestClient.production("other", 0, plain("a"), 0));
            kafka.simulation.settle();

            assertThat(client.isOpen()).isFalse();
        }

        @Test
        void internalTopicsAreTheBrokersOwn() {
            kafka.create("__consumer_offsets", 1, Map.of());

            var answer = client.call(ApiKeys.PRODUCE, 9, TestClient.production("__consumer_offsets", 0, plain("a"), 1),
                    ProduceResponseData.class);

            assertThat(error(answer)).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        }

        @Test
        void whileTheBrokerIsBlockedProducersWaitAndNothingIsLost() {
            kafka.broker.alarms().raise("disk", "full");
            int request = client.send(ApiKeys.PRODUCE, 9, TestClient.production("orders", 0, plain("a"), -1));
            assertThat(client.answer(request, ProduceResponseData.class)).isNull();
            assertThat(client.channel().config().isAutoRead()).isFalse();

            kafka.broker.alarms().clear("disk");

            assertThat(error(Objects.requireNonNull(client.answer(request, ProduceResponseData.class))))
                    .isEqualTo(Errors.NONE);
            assertThat(client.channel().config().isAutoRead()).isTrue();
        }

        @Test
        void whoBringsMoreThanIsTakenAtATimeIsNotReadUntilHalfOfItIsDurable() {
            kafka.open(0);
            MemoryRecords large = plain("x".repeat(500_000)); // as key and as value
            List<Integer> requests = new ArrayList<>();
            for (long bytes = 0; bytes <= Admission.IN_FLIGHT_MAX_BYTES; bytes += large.sizeInBytes()) {
                assertThat(client.channel().config().isAutoRead()).isTrue();
                requests.add(client.send(ApiKeys.PRODUCE, 9, TestClient.production("orders", 0, large, -1)));
            }
            assertThat(client.channel().config().isAutoRead()).isFalse();

            kafka.simulation.settle();

            assertThat(client.channel().config().isAutoRead()).isTrue();
            assertThat(requests).allSatisfy(request -> assertThat(
                    error(Objects.requireNonNull(client.answer(request, ProduceResponseData.class))))
                    .isEqualTo(Errors.NONE));
        }

        private static Errors error(ProduceResponseData answer) {
            return Errors
                    .forCode(answer.responses().iterator().next().partitionResponses().getFirst().errorCode());
        }
    }

    @Nested
    class GivenAnotherTopic {
        @Test
        void logAppendTimeIsTheBrokers() {
            SimulatedKafka kafka = SimulatedKafka.withTopic(Map.of("message.timestamp.type", "LogAppendTime"));
            TestClient client = kafka.client();

            var answer = client.produce(9, plain("a"));

            assertThat(answer.logAppendTimeMs()).isEqualTo(kafka.simulation.nowMs());
            assertThat(stored(client).timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
            assertThat(stored(client).maxTimestamp()).isEqualTo(kafka.simulation.nowMs());
            assertThat(stored(client).isValid()).isTrue();
        }

        @ParameterizedTest
        @EnumSource(CompressionType.class)
        void theTopicsCompressionWins(CompressionType sent) {
            for (String wanted : List.of("gzip", "snappy", "lz4", "zstd", "uncompressed")) {
                TestClient client = SimulatedKafka.withTopic(Map.of("compression.type", wanted)).client();

                var answer = client.produce(9, compressed(Compression.of(sent).build(), "a", "b"));

                assertThat(answer.errorCode()).isZero();
                assertThat(stored(client).compressionType().name)
                        .isEqualTo(wanted.equals("uncompressed") ? "none" : wanted);
                assertThat(TestClient.values(client.fetchOne(TestClient.fetching(0)))).containsExactly("a", "b");
            }
        }

        @Test
        void compactedTopicsNeedKeys() {
            TestClient client = SimulatedKafka.withTopic(Map.of("cleanup.policy", "compact")).client();
            SimpleRecord[] records = records("a", "b", "c");
            records[1] = new SimpleRecord(utf8("without a key"));
            for (Compression compression : List.of(Compression.NONE, Compression.snappy().build())) {
                var answer = client.produce(9, MemoryRecords.withRecords(compression, records));

                assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.INVALID_RECORD);
                assertThat(answer.recordErrors()).singleElement()
                        .satisfies(error -> assertThat(error.batchIndex()).isEqualTo(1));
            }
        }

        @Test
        void oneReplicaIsNotTwo() {
            TestClient client = SimulatedKafka.withTopic(Map.of("min.insync.replicas", "2")).client();

            assertThat(Errors.forCode(client.produce(9, plain("a")).errorCode()))
                    .isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        }
    }

    @Nested
    class GivenAnIdempotentProducer {
        final SimulatedKafka kafka = SimulatedKafka.withTopic(Map.of());
        final TestClient client = kafka.client();

        @Test
        void aRepeatedBatchIsAnsweredWithItsFirstOffset() {
            client.produce(9, plain("before"));
            client.produce(9, idempotent(5, 0, 0, "a", "b"));
            client.produce(9, idempotent(5, 0, 2, "c"));

            var answer = client.produce(9, idempotent(5, 0, 0, "a", "b"));

            assertThat(answer.errorCode()).isZero();
            assertThat(answer.baseOffset()).isEqualTo(1);
            assertThat(kafka.partition(0).logEndOffset()).isEqualTo(4);
        }

        @Test
        void aRepeatedBatchWaitsForItsFirstOneToBeDurable() {
            kafka.open(0);
            int first = client.send(ApiKeys.PRODUCE, 9,
                    TestClient.production("orders", 0, idempotent(5, 0, 0, "a"), -1));
            int second = client.send(ApiKeys.PRODUCE, 9,
                    TestClient.production("orders", 0, idempotent(5, 0, 0, "a"), -1));
            assertThat(kafka.partition(0).highWatermark()).isZero();

            var answers = new ArrayList<Long>();
            for (int request : List.of(first, second)) {
                answers.add(Objects.requireNonNull(client.answer(request, ProduceResponseData.class)).responses()
                        .iterator().next().partitionResponses().getFirst().baseOffset());
            }

            assertThat(answers).containsExactly(0L, 0L);
            assertThat(kafka.partition(0).logEndOffset()).isEqualTo(1);
        }

        @Test
        void aGapIsRefusedAndSoIsAnOldEpoch() {
            client.produce(9, idempotent(5, 1, 0, "a"));

            assertThat(Errors.forCode(client.produce(9, idempotent(5, 1, 2, "b")).errorCode()))
                    .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
            assertThat(Errors.forCode(client.produce(9, idempotent(5, 0, 1, "b")).errorCode()))
                    .isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
            assertThat(Errors.forCode(client.produce(9, idempotent(5, 2, 3, "b")).errorCode()))
                    .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
            assertThat(client.produce(9, idempotent(5, 2, 0, "b")).errorCode()).isZero();
        }

        @Test
        void whoIsNotRememberedMayGoOnAnywhere() {
            assertThat(client.produce(9, idempotent(5, 0, 77, "a")).errorCode()).isZero();
        }
    }
}
