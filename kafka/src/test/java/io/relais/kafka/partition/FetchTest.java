// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import static io.relais.kafka.partition.TestBatches.plain;
import static io.relais.kafka.partition.TestClient.fetching;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a consumer gets, and how long it waits for it. */
class FetchTest {
    final SimulatedKafka kafka = SimulatedKafka.start(3);
    final TestClient client = kafka.client();

    private void produce(int partition, MemoryRecords records) {
        TestClient producer = kafka.client();
        producer.call(ApiKeys.PRODUCE, 9, TestClient.production("orders", partition, records, -1),
                ProduceResponseData.class);
    }

    private static Errors error(FetchResponseData answer) {
        return Errors.forCode(answer.responses().getFirst().partitions().getFirst().errorCode());
    }

    private static int size(FetchResponseData answer, int partition) {
        return Objects.requireNonNull(answer.responses().getFirst().partitions().get(partition).records())
                .sizeInBytes();
    }

    @Nested
    class GivenTwoPartitions {
        final Uuid id = kafka.create("orders", 2, Map.of()).id();

        @Test
        void whereNothingIsTheClientWaitsAndIsWokenByARecord() {
            int request = client.send(ApiKeys.FETCH, 12, fetching(0, 0));
            kafka.simulation.advance(100);
            assertThat(client.answer(request, FetchResponseData.class)).isNull();

            produce(1, plain("a"));

            var answer = Objects.requireNonNull(client.answer(request, FetchResponseData.class));
            assertThat(TestClient.values(answer.responses().getFirst().partitions().get(1))).containsExactly("a");
        }

        @Test
        void whereNothingComesTheClientHearsThatAtTheEndOfItsTime() {
            int request = client.send(ApiKeys.FETCH, 12, fetching(0, 0));
            kafka.simulation.advance(499);
            assertThat(client.answer(request, FetchResponseData.class)).isNull();

            kafka.simulation.advance(1);

            var answer = Objects.requireNonNull(client.answer(request, FetchResponseData.class));
            assertThat(size(answer, 0)).isZero();
        }

        @Test
        void itWaitsUntilTheBytesItWantsAreThereFromAllPartitions() {
            int one = plain("a").sizeInBytes();
            produce(0, plain("a"));
            int request = client.send(ApiKeys.FETCH, 12, fetching(0, 0).setMinBytes(3 * one));
            produce(1, plain("b"));
            assertThat(client.answer(request, FetchResponseData.class)).isNull();

            produce(0, plain("c"));

            var answer = Objects.requireNonNull(client.answer(request, FetchResponseData.class));
            assertThat(TestClient.values(answer.responses().getFirst().partitions().get(0))).containsExactly("a", "c");
            assertThat(TestClient.values(answer.responses().getFirst().partitions().get(1))).containsExactly("b");
        }

        @Test
        void bytesAreLimitedByPartitionAndTogetherButTheFirstBatchAlwaysComes() {
            for (int i = 0; i < 3; i++) {
                produce(0, plain("x".repeat(1000)));
                produce(1, plain("x".repeat(1000)));
            }
            int one = plain("x".repeat(1000)).sizeInBytes();

            FetchRequestData limited = fetching(0, 0).setMaxBytes(10 * one);
            limited.topics().getFirst().partitions().getFirst().setPartitionMaxBytes(2 * one);
            assertThat(size(client.fetch(limited), 0)).isEqualTo(2 * one);
            assertThat(size(client.fetch(limited), 1)).isEqualTo(3 * one);

            assertThat(size(client.fetch(fetching(0, 0).setMaxBytes(4 * one)), 1)).isEqualTo(one);
            assertThat(size(client.fetch(fetching(0, 0).setMaxBytes(10)), 0)).isEqualTo(one);
            assertThat(size(client.fetch(fetching(0, 0).setMaxBytes(10)), 1)).isZero();
        }

        @Test
        void offsetsOutsideOfTheLogAreRefused() {
            produce(0, plain("a"));

            assertThat(error(client.fetch(fetching(2)))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
            assertThat(error(client.fetch(fetching(-1)))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
            assertThat(error(client.fetch(fetching(1).setMaxWaitMs(0)))).isEqualTo(Errors.NONE);
        }

        @Test
        void whatTheClientBelievesOfTheLeaderIsChecked() {
            FetchRequestData future = fetching(0);
            future.topics().getFirst().partitions().getFirst().setCurrentLeaderEpoch(3);

            assertThat(error(client.fetch(future))).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
        }

        @Test
        void topicsAreFoundByTheirId() {
            produce(0, plain("a"));

            var found = client.call(ApiKeys.FETCH, 18, TestClient.byId(fetching(0), id), FetchResponseData.class);
            var unknown = client.call(ApiKeys.FETCH, 18, TestClient.byId(fetching(0), Uuid.randomUuid()),
                    FetchResponseData.class);

            assertThat(TestClient.values(found.responses().getFirst().partitions().getFirst())).containsExactly("a");
            assertThat(found.responses().getFirst().topicId()).isEqualTo(id);
            assertThat(error(unknown)).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        }

        @Test
        void followersAreRefused() {
            var answer = client.call(ApiKeys.FETCH, 12, fetching(0).setReplicaId(2), FetchResponseData.class);

            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED);
        }

        @Test
        void whoGoesAwayWhileItWaitsLeavesNothingBehind() {
            client.send(ApiKeys.FETCH, 12, fetching(0, 0).setMaxWaitMs(Integer.MAX_VALUE));
            kafka.simulation.settle();

            client.close();
            produce(0, plain("a"));

            assertThat(client.isOpen()).isFalse();
        }

        @Test
        void aTopicThatIsDeletedAnswersWhoWaitsForIt() {
            int request = client.send(ApiKeys.FETCH, 12, fetching(0));
            kafka.simulation.settle();

            kafka.topics.delete(Objects.requireNonNull(kafka.topics.byName("orders")));

            var answer = Objects.requireNonNull(client.answer(request, FetchResponseData.class));
            assertThat(error(answer)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
    }

    /** KIP-227. */
    @Nested
    class GivenASession {
        final Uuid id = kafka.create("orders", 3, Map.of()).id();
        int session;

        {
            produce(0, plain("a"));
            var first = client.fetch(fetching(0, 0, 0).setSessionEpoch(0));
            session = first.sessionId();
            assertThat(first.responses().getFirst().partitions()).hasSize(3);
        }

        private FetchRequestData next(int epoch, long... offsets) {
            return fetching(offsets).setSessionId(session).setSessionEpoch(epoch);
        }

        @Test
        void onlyWhatChangedIsTold() {
            assertThat(session).isPositive();
            produce(2, plain("b"));

            var answer = client.fetch(next(1, 1));

            assertThat(answer.sessionId()).isEqualTo(session);
            assertThat(answer.responses()).singleElement().satisfies(topic -> assertThat(topic.partitions())
                    .singleElement().satisfies(part -> assertThat(TestClient.values(part)).containsExactly("b")));
        }

        @Test
        void whereNothingChangedTheAnswerIsEmpty() {
            int request = client.send(ApiKeys.FETCH, 12, next(1, 1));
            kafka.simulation.advance(500);

            assertThat(Objects.requireNonNull(client.answer(request, FetchResponseData.class)).responses()).isEmpty();
        }

        @Test
        void epochsFollowOneAnother() {
            assertThat(Errors.forCode(client.fetch(next(2, 1)).errorCode()))
                    .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
            client.fetch(next(1, 0));
            client.fetch(next(2, 0));
            assertThat(Errors.forCode(client.fetch(next(2, 1)).errorCode()))
                    .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
        }

        @Test
        void anUnknownSessionIsSaid() {
            assertThat(
                    Errors.forCode(client.fetch(fetching(0).setSessionId(session + 1).setSessionEpoch(1)).errorCode()))
                    .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }

        @Test
        void aSessionEndsWithItsFinalEpoch() {
            client.fetch(next(-1, 0));

            assertThat(Errors.forCode(client.fetch(next(1, 0)).errorCode()))
                    .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }

        @Test
        void namesAndIdsDoNotMix() {
            var answer = client.call(ApiKeys.FETCH, 18, TestClient.byId(next(1, 0), id), FetchResponseData.class);

            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
        }

        @Test
        void forgottenPartitionsAreNotRead() {
            FetchRequestData forgetful = next(1);
            forgetful.forgottenTopicsData()
                    .add(new ForgottenTopic().setTopic("orders").setPartitions(List.of(0, 1)));
            produce(1, plain("b"));
            int request = client.send(ApiKeys.FETCH, 12, forgetful);
            kafka.simulation.advance(500);

            assertThat(Objects.requireNonNull(client.answer(request, FetchResponseData.class)).responses()).isEmpty();
        }

        @Test
        void whoWasServedComesLastTheNextTime() {
            produce(1, plain("b"));
            produce(2, plain("c"));
            int one = plain("a").sizeInBytes();

            var first = client.fetch(next(1).setMaxBytes(one));
            var second = client.fetch(next(2).setMaxBytes(one));
            var third = client.fetch(next(3).setMaxBytes(one));

            assertThat(List.of(served(first), served(second), served(third))).containsExactlyInAnyOrder(0, 1, 2);
        }

        private static int served(FetchResponseData answer) {
            return answer.responses().stream().flatMap(topic -> topic.partitions().stream())
                    .filter(part -> Objects.requireNonNull(part.records()).sizeInBytes() > 0)
                    .findFirst().orElseThrow().partitionIndex();
        }

        @Test
        void theCacheIsBoundedAndOldSessionsMakePlace() {
            for (int i = 1; i < FetchSessions.SESSIONS_MAX; i++) {
                assertThat(client.fetch(fetching(0).setSessionEpoch(0)).sessionId()).isPositive();
            }
            assertThat(client.fetch(fetching(0).setSessionEpoch(0)).sessionId()).isZero();

            kafka.simulation.advance(FetchSessions.EVICTABLE_MS);

            assertThat(client.fetch(fetching(0).setSessionEpoch(0)).sessionId()).isPositive();
            assertThat(Errors.forCode(client.fetch(next(1, 0)).errorCode()))
                    .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
    }
}
