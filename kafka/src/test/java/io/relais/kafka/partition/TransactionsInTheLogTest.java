// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import static io.relais.kafka.partition.TestBatches.idempotent;
import static io.relais.kafka.partition.TestBatches.plain;
import static io.relais.kafka.partition.TestBatches.transactional;
import static io.relais.kafka.partition.TestClient.fetching;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Transactions, as a partition sees them: KIP-98, KIP-890. */
class TransactionsInTheLogTest {
    final SimulatedKafka kafka = SimulatedKafka.withTopic(Map.of());
    final TestClient client = kafka.client();

    private Errors end(long producerId, int epoch, boolean commit, int coordinatorEpoch) {
        List<Errors> outcome = new ArrayList<>();
        kafka.open(0).appendMarker(producerId, (short) epoch, commit, coordinatorEpoch,
                new Partition.AppendListener() {
                    @Override
                    public void done(long baseOffset) {
                        outcome.add(Errors.NONE);
                    }

                    @Override
                    public void failed(Errors why) {
                        outcome.add(why);
                    }
                });
        kafka.simulation.settle();
        return outcome.getFirst();
    }

    private FetchResponseData.PartitionData committed(long offset) {
        int request = client.send(ApiKeys.FETCH, 12, fetching(offset).setIsolationLevel((byte) 1));
        kafka.simulation.advance(500);
        return Objects.requireNonNull(client.answer(request, FetchResponseData.class)).responses().getFirst()
                .partitions().getFirst();
    }

    @Nested
    class GivenAnOpenTransactionBetweenOtherRecords {
        {
            client.produce(12, plain("a"));
            client.produce(12, transactional(5, 0, 0, "b"));
            client.produce(12, plain("c"));
        }

        @Test
        void theLastStableOffsetIsItsFirst() {
            assertThat(kafka.partition(0).lastStableOffset()).isEqualTo(1);
            assertThat(kafka.partition(0).highWatermark()).isEqualTo(3);
        }

        @Test
        void whoReadsCommittedStopsThereAndOthersDoNot() {
            assertThat(TestClient.values(committed(0))).containsExactly("a");
            assertThat(TestClient.values(client.fetchOne(fetching(0)))).containsExactly("a", "b", "c");
        }

        @Test
        void whoWaitsIsWokenByTheMarker() {
            int request = client.send(ApiKeys.FETCH, 12, fetching(1).setIsolationLevel((byte) 1));
            client.answer(request, FetchResponseData.class);

            end(5, 0, true, 0);

            var part = Objects.requireNonNull(client.answer(request, FetchResponseData.class)).responses().getFirst()
                    .partitions().getFirst();
            assertThat(part.lastStableOffset()).isEqualTo(4);
            assertThat(Objects.requireNonNull(part.abortedTransactions())).isEmpty();
        }

        @Test
        void anAbortIsToldToThoseWhoReadAcrossIt() {
            end(5, 0, false, 0);

            assertThat(committed(0).abortedTransactions())
                    .containsExactly(new AbortedTransaction().setProducerId(5).setFirstOffset(1));
            assertThat(committed(2).abortedTransactions()).hasSize(1);
            client.produce(12, plain("d"));
            assertThat(Objects.requireNonNull(committed(4).abortedTransactions())).isEmpty();
            assertThat(client.fetchOne(fetching(0)).abortedTransactions()).isNull();
        }

        @Test
        void theMarkerIsOneThatKafkaUnderstands() {
            end(5, 0, false, 3);

            MutableRecordBatch last = null;
            for (var batch : ((MemoryRecords) Objects.requireNonNull(client.fetchOne(fetching(3)).records()))
                    .batches()) {
                last = batch;
            }
            MutableRecordBatch marker = Objects.requireNonNull(last);
            assertThat(marker.isValid()).isTrue();
            assertThat(marker.isControlBatch()).isTrue();
            EndTransactionMarker read = EndTransactionMarker.deserialize(marker.iterator().next());
            assertThat(read.controlType()).isEqualTo(ControlRecordType.ABORT);
            assertThat(read.coordinatorEpoch()).isEqualTo(3);
        }

        @Test
        void markersOfOldEpochsAndFencedCoordinatorsAreRefused() {
            assertThat(end(5, 1, true, 4)).isEqualTo(Errors.NONE);

            assertThat(end(5, 0, true, 4)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
            assertThat(end(5, 1, true, 3)).isEqualTo(Errors.TRANSACTION_COORDINATOR_FENCED);
        }

        @Test
        void aMarkerThatRaisesTheEpochBeginsSequencesAnew() {
            end(5, 1, true, 0);

            assertThat(Errors.forCode(client.produce(12, transactional(5, 1, 1, "d")).errorCode()))
                    .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
            assertThat(client.produce(12, transactional(5, 1, 0, "d")).errorCode()).isZero();
        }

        @Test
        void recordsOutsideOfItAreRefusedWhileItIsOpen() {
            assertThat(Errors.forCode(client.produce(12, idempotent(5, 0, 1, "d")).errorCode()))
                    .isEqualTo(Errors.INVALID_TXN_STATE);
        }

        @Test
        void itIsDescribed() {
            var request = new DescribeProducersRequestData();
            request.topics().add(new DescribeProducersRequestData.TopicRequest().setName("orders")
                    .setPartitionIndexes(List.of(0)));

            var answer = client.call(ApiKeys.DESCRIBE_PRODUCERS, 0, request, DescribeProducersResponseData.class);

            assertThat(answer.topics().getFirst().partitions().getFirst().activeProducers()).singleElement()
                    .satisfies(producer -> {
                        assertThat(producer.producerId()).isEqualTo(5);
                        assertThat(producer.currentTxnStartOffset()).isEqualTo(1);
                        assertThat(producer.lastSequence()).isZero();
                    });
        }
    }

    @Nested
    class GivenAGate {
        @Test
        void theFirstBatchWaitsForTheCoordinatorAndLaterOnesDoNot() {
            kafka.gate.holds = true;
            int first = client.send(ApiKeys.PRODUCE, 12,
                    TestClient.production("orders", 0, transactional(5, 0, 0, "a"), -1));
            assertThat(client.answer(first, ProduceResponseData.class)).isNull();
            assertThat(kafka.partition(0).logEndOffset()).isZero();

            kafka.gate.waiting.remove().decided(Errors.NONE);

            assertThat(client.answer(first, ProduceResponseData.class)).isNotNull();
            assertThat(client.produce(12, transactional(5, 0, 1, "b")).errorCode()).isZero();
        }

        @Test
        void aBatchThatOvertakesIsRefused() {
            kafka.gate.holds = true;
            kafka.open(0);
            int first = client.send(ApiKeys.PRODUCE, 11,
                    TestClient.production("orders", 0, transactional(5, 0, 3, "a"), -1));
            int second = client.send(ApiKeys.PRODUCE, 11,
                    TestClient.production("orders", 0, transactional(5, 0, 4, "b"), -1));
            kafka.gate.waiting.removeLast().decided(Errors.NONE);
            kafka.gate.waiting.removeLast().decided(Errors.NONE);

            assertThat(error(client.answer(first, ProduceResponseData.class))).isEqualTo(Errors.NONE);
            assertThat(error(client.answer(second, ProduceResponseData.class)))
                    .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        }

        @Test
        void whatTheCoordinatorSaysIsToldAsTheProducerUnderstandsIt() {
            kafka.gate.answer = Errors.NOT_COORDINATOR;
            assertThat(Errors.forCode(client.produce(12, transactional(5, 0, 0, "a")).errorCode()))
                    .isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
            kafka.gate.answer = Errors.CONCURRENT_TRANSACTIONS;
            assertThat(Errors.forCode(client.produce(11, transactional(5, 0, 0, "a")).errorCode()))
                    .isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
            assertThat(Errors.forCode(client.produce(12, transactional(5, 0, 0, "a")).errorCode()))
                    .isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
            kafka.gate.answer = Errors.INVALID_TXN_STATE;
            assertThat(Errors.forCode(client.produce(12, transactional(5, 0, 0, "a")).errorCode()))
                    .isEqualTo(Errors.INVALID_TXN_STATE);
        }

        @Test
        void producersOfVersion2BeginAtSequence0() {
            assertThat(Errors.forCode(client.produce(12, transactional(5, 0, 4, "a")).errorCode()))
                    .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        }

        private static Errors error(@org.jspecify.annotations.Nullable ProduceResponseData answer) {
            return Errors.forCode(Objects.requireNonNull(answer).responses().iterator().next().partitionResponses()
                    .getFirst().errorCode());
        }
    }
}
