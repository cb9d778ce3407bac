// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import static org.apache.kafka.common.internals.Topic.TRANSACTION_STATE_TOPIC_NAME;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.server.common.TransactionVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the coordinator does as producers come, go and come back. */
class TransactionCoordinatorTest {
    private static final String ID = "billing";
    private static final int TIMEOUT_MS = 60_000;
    private static final long WEEK_MS = 7L * 24 * 3_600_000;

    private SimulatedNode node = SimulatedNode.start(3);

    /** What a request was answered. */
    private static final class Answer implements ProducerListener, ErrorListener {
        @Nullable
        Errors error;
        @Nullable
        ProducerIdAndEpoch producer;

        @Override
        public void done(Errors outcome, long producerId, short epoch) {
            error = outcome;
            producer = new ProducerIdAndEpoch(producerId, epoch);
        }

        @Override
        public void done(Errors outcome) {
            error = outcome;
        }

        ProducerIdAndEpoch ok() {
            assertThat(error).isEqualTo(Errors.NONE);
            return Objects.requireNonNull(producer);
        }
    }

    private Answer initNow(String id, int timeoutMs) {
        Answer answer = new Answer();
        node.coordinator.initProducerId(id, timeoutMs, Optional.empty(), answer);
        node.simulation.settle();
        return answer;
    }

    private ProducerIdAndEpoch begun() {
        return initNow(ID, TIMEOUT_MS).ok();
    }

    private Answer produce(ProducerIdAndEpoch producer, int partition, String value) {
        Answer answer = new Answer();
        node.produce(ID, producer, partition, value, true, answer);
        return answer;
    }

    private Answer end(ProducerIdAndEpoch producer, TransactionResult result) {
        Answer answer = new Answer();
        node.coordinator.end(ID, producer.producerId(), producer.epoch(), result, TransactionVersion.TV_2, answer);
        return answer;
    }

    private TransactionState state() {
        List<TransactionState> states = new ArrayList<>();
        node.coordinator.describe(ID, id -> states.add(id.state()), error -> {
        });
        return states.getFirst();
    }

    @Nested
    class GivenNoTransactionalProducerYet {

        @Test
        void thereIsNoLogOfThem_andAnIdempotentProducerNeedsNone() {
            Answer first = new Answer();
            Answer second = new Answer();
            node.coordinator.initProducerId(null, 0, Optional.empty(), first);
            node.coordinator.initProducerId(null, 0, Optional.empty(), second);
            node.simulation.settle();

            assertThat(first.ok().epoch()).isZero();
            assertThat(first.ok().producerId()).isNotEqualTo(second.ok().producerId());
            assertThat(node.topics.byName(TRANSACTION_STATE_TOPIC_NAME)).isNull();
        }

        @Test
        void whatConcernsAnUnknownId_isRefused_andCreatesNothing() {
            ProducerIdAndEpoch stranger = new ProducerIdAndEpoch(1, (short) 0);
            Answer produced = produce(stranger, 0, "x");
            Answer ended = end(stranger, TransactionResult.COMMIT);
            node.simulation.settle();

            assertThat(produced.error).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
            assertThat(ended.error).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
            assertThat(node.topics.byName(TRANSACTION_STATE_TOPIC_NAME)).isNull();
        }

        @Test
        void timeoutsBeyondTheLimit_andNoneAtAll_areRefused() {
            assertThat(initNow(ID, 900_001).error).isEqualTo(Errors.INVALID_TRANSACTION_TIMEOUT);
            assertThat(initNow(ID, 0).error).isEqualTo(Errors.INVALID_TRANSACTION_TIMEOUT);
            assertThat(initNow("", TIMEOUT_MS).error).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(initNow(ID, 900_000).error).isEqualTo(Errors.NONE);
        }

        @Test
        void theLogIsCompacted() {
            begun();

            assertThat(
                    Objects.requireNonNull(node.topics.byName(TRANSACTION_STATE_TOPIC_NAME)).config().values().compact)
                    .isTrue();
        }
    }

    @Nested
    class GivenAnOngoingTransaction {
        ProducerIdAndEpoch producer = begun();

        void write(String value) {
            for (int i = 0; i < SimulatedNode.PARTITIONS; i++) {
                Answer answer = produce(producer, i, value);
                node.simulation.settle();
                assertThat(answer.error).isEqualTo(Errors.NONE);
            }
        }

        @Test
        void whenItIsCommitted_thenAllPartitionsHaveIt_andTheEpochIsRaised() {
            write("v");

            Answer answer = end(producer, TransactionResult.COMMIT);
            node.simulation.settle();

            assertThat(answer.ok()).isEqualTo(new ProducerIdAndEpoch(producer.producerId(), (short) 1));
            assertThat(state()).isEqualTo(TransactionState.COMPLETE_COMMIT);
            for (int i = 0; i < SimulatedNode.PARTITIONS; i++) {
                assertThat(node.content(i).committed()).containsExactly("v");
            }
        }

        @Test
        void whenAnotherProducerBegins_thenItIsAborted_andItsProducerFenced() {
            write("v");

            assertThat(initNow(ID, TIMEOUT_MS).error).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
            ProducerIdAndEpoch next = initNow(ID, TIMEOUT_MS).ok();

            assertThat(next).isEqualTo(new ProducerIdAndEpoch(producer.producerId(), (short) 2));
            assertThat(node.content(0).aborted()).containsExactly("v");
            Answer late = produce(producer, 0, "late");
            Answer end = end(producer, TransactionResult.COMMIT);
            node.simulation.settle();
            assertThat(late.error).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
            assertThat(end.error).isEqualTo(Errors.PRODUCER_FENCED);
        }

        @Test
        void whenItTakesTooLong_thenItIsAborted_andItsProducerFenced() {
            write("v");

            node.simulation.advance(TIMEOUT_MS - 1000);
            assertThat(state()).isEqualTo(TransactionState.ONGOING);
            node.simulation.advance(12_000);

            assertThat(state()).isEqualTo(TransactionState.COMPLETE_ABORT);
            assertThat(node.content(0).aborted()).containsExactly("v");
            Answer end = end(producer, TransactionResult.COMMIT);
            node.simulation.settle();
            // the epoch before the current one: as if the end were asked for again, and that was an abort
            assertThat(end.error).isEqualTo(Errors.INVALID_TXN_STATE);
        }

        @Test
        void whenItsPartitionsAreAddedInOneRound_thenThatIsOneRecord() {
            long before = stateEnd();
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < SimulatedNode.PARTITIONS; i++) {
                answers.add(produce(producer, i, "v"));
            }
            node.simulation.settle();

            assertThat(answers).allSatisfy(answer -> assertThat(answer.error).isEqualTo(Errors.NONE));
            assertThat(stateEnd()).isEqualTo(before + 1);
        }

        private long stateEnd() {
            return Objects.requireNonNull(node.topics.partition(TRANSACTION_STATE_TOPIC_NAME, 0)).logEndOffset();
        }

        @Test
        void whenTheNextOneBeginsWhileItIsBeingCompleted_thenThatWaitsForIt() {
            write("v");
            Answer ended = end(producer, TransactionResult.COMMIT);
            while (ended.error == null) {
                node.simulation.step();
            }
            assertThat(state()).isEqualTo(TransactionState.PREPARE_COMMIT);

            Answer next = produce(ended.ok(), 0, "next");
            node.simulation.settle();

            assertThat(next.error).isEqualTo(Errors.NONE);
            assertThat(state()).isEqualTo(TransactionState.ONGOING);
        }

        @Test
        void whenThePowerFailsBeforeItIsCompleted_thenTheNextStartCompletesIt() {
            write("v");
            Answer ended = end(producer, TransactionResult.COMMIT);
            while (ended.error == null) {
                node.simulation.step();
            }

            node = node.crash();
            node.simulation.settle();

            assertThat(state()).isEqualTo(TransactionState.COMPLETE_COMMIT);
            for (int i = 0; i < SimulatedNode.PARTITIONS; i++) {
                assertThat(node.content(i).committed()).containsExactly("v");
                assertThat(node.content(i).stable()).isTrue();
            }
        }

        @Test
        void whenThePowerFails_thenItGoesOnAfterwards() {
            write("v");

            node = node.crash();
            node.simulation.settle();
            Answer more = produce(producer, 0, "w");
            node.simulation.settle();
            Answer ended = end(producer, TransactionResult.COMMIT);
            node.simulation.settle();

            assertThat(more.error).isEqualTo(Errors.NONE);
            assertThat(ended.error).isEqualTo(Errors.NONE);
            assertThat(node.content(0).committed()).containsExactly("v", "w");
        }

        @Test
        void whenATopicOfItIsDeleted_thenItIsCompletedWithoutIt() {
            write("v");
            node.topics.delete(Objects.requireNonNull(node.topics.byName(SimulatedNode.TOPIC)));

            Answer ended = end(producer, TransactionResult.COMMIT);
            node.simulation.settle();

            assertThat(ended.error).isEqualTo(Errors.NONE);
            assertThat(state()).isEqualTo(TransactionState.COMPLETE_COMMIT);
        }

        @Test
        void recordsOfAPartitionThatWasNotAdded_areRefusedToAnOldProducer() {
            Answer added = new Answer();
            node.coordinator.addPartitions(ID, producer.producerId(), producer.epoch(), Set.of(SimulatedNode.name(0)),
                    TransactionVersion.TV_0, added);
            node.simulation.settle();
            Answer known = new Answer();
            Answer unknown = new Answer();
            node.produce(ID, producer, 0, "v", false, known);
            node.produce(ID, producer, 1, "v", false, unknown);
            node.simulation.settle();

            assertThat(known.error).isEqualTo(Errors.NONE);
            assertThat(unknown.error).isEqualTo(Errors.TRANSACTION_ABORTABLE);
            assertThat(node.content(1).open()).isEmpty();
        }
    }

    @Nested
    class GivenAnIdThatNobodyUses {

        @Test
        void afterAWeek_itIsForgotten_alsoAfterARestart() {
            ProducerIdAndEpoch before = begun();

            node.simulation.advance(WEEK_MS - 3_600_000);
            assertThat(state()).isEqualTo(TransactionState.EMPTY);
            node.simulation.advance(3 * 3_600_000);
            assertThat(described()).isEqualTo(Errors.TRANSACTIONAL_ID_NOT_FOUND);

            node = node.crash();
            node.simulation.settle();
            assertThat(described()).isEqualTo(Errors.TRANSACTIONAL_ID_NOT_FOUND);
            assertThat(begun().producerId()).isGreaterThan(before.producerId());
        }

        private @Nullable Errors described() {
            Answer answer = new Answer();
            node.coordinator.describe(ID, id -> answer.done(Errors.NONE), answer);
            return answer.error;
        }
    }

    @Test
    void whenTheLogOfIdsIsDeleted_thenProducersBeginAnew() {
        begun();
        node.topics.delete(Objects.requireNonNull(node.topics.byName(TRANSACTION_STATE_TOPIC_NAME)));
        node.coordinator.forgetAll();
        node.simulation.settle();

        assertThat(begun().epoch()).isZero();
    }
}
