// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.transaction.TransactionMetadata;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.apache.kafka.server.common.TransactionVersion;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a transactional id says to each request in each of its states: Kafka's tables. */
class TransactionalIdTest {
    private static final long PRODUCER = 100;
    private static final long OTHER_PRODUCER = 99;
    private static final long NEW_PRODUCER = 200;
    private static final short EPOCH = 5;
    private static final short EXHAUSTED = Short.MAX_VALUE - 1;
    private static final long NOW = 1_000_000;
    private static final int TIMEOUT_MS = 60_000;
    private static final TopicPartition KNOWN = new TopicPartition("orders", 0);
    private static final TopicPartition NEW = new TopicPartition("orders", 1);

    private static TransactionalId in(TransactionState state) {
        return in(state, EPOCH, TransactionVersion.TV_2);
    }

    private static TransactionalId in(TransactionState state, short epoch, TransactionVersion version) {
        boolean running = state == TransactionState.ONGOING || state == TransactionState.PREPARE_COMMIT
                || state == TransactionState.PREPARE_ABORT;
        return new TransactionalId(new TransactionMetadata("id", PRODUCER, OTHER_PRODUCER, -1, epoch,
                (short) (epoch - 1), TIMEOUT_MS, state, running ? Set.of(KNOWN) : Set.of(),
                state == TransactionState.EMPTY ? -1 : NOW - 10, NOW - 10, version));
    }

    private static long newId() {
        return NEW_PRODUCER;
    }

    /** {@code STATE producer/epoch} of a move, {@code done}, or the error. */
    private static String told(Decision decision) {
        return switch (decision) {
            case Decision.Refused refused -> refused.error().name();
            case Decision.AlreadyDone done -> done.producerId() < 0
                    ? "done"
                    : "done " + done.producerId() + "/" + done.epoch();
            case Decision.Move move -> move.next().txnState() + " " + move.next().producerId() + "/"
                    + move.next().producerEpoch();
        };
    }

    @Nested
    class InitProducerId {

        @ParameterizedTest(name = "in {0}: {1}")
        @CsvSource({"EMPTY, EMPTY 100/6", "COMPLETE_COMMIT, EMPTY 100/6", "COMPLETE_ABORT, EMPTY 100/6",
                "ONGOING, PREPARE_ABORT 100/6", "PREPARE_COMMIT, CONCURRENT_TRANSACTIONS",
                "PREPARE_ABORT, CONCURRENT_TRANSACTIONS"})
        void aProducerThatBegins(TransactionState state, String expected) {
            assertThat(told(in(state).initProducerId(TIMEOUT_MS, Optional.empty(), TransactionalIdTest::newId, NOW)))
                    .isEqualTo(expected);
        }

        @ParameterizedTest(name = "in {0} as {1}/{2}: {3}")
        @CsvSource({"EMPTY, 100, 5, EMPTY 100/6", "COMPLETE_COMMIT, 100, 5, EMPTY 100/6",
                "EMPTY, 100, 4, EMPTY 100/5", // asked again: the answer was lost
                "EMPTY, 100, 3, PRODUCER_FENCED", "EMPTY, 100, 6, PRODUCER_FENCED", "EMPTY, 77, 5, PRODUCER_FENCED",
                "ONGOING, 77, 5, PRODUCER_FENCED", "ONGOING, 100, 5, PREPARE_ABORT 100/6",
                "EMPTY, 99, 32766, PRODUCER_FENCED" // the former id, whose epochs were used up; but here is no retry
        })
        void aProducerThatGoesOn(TransactionState state, long id, short epoch, String expected) {
            assertThat(told(in(state).initProducerId(TIMEOUT_MS, Optional.of(new ProducerIdAndEpoch(id, epoch)),
                    TransactionalIdTest::newId,
                    NOW))).isEqualTo(expected);
        }

        @ParameterizedTest(name = "in {0} with the last epoch: {1}")
        @CsvSource({"EMPTY, EMPTY 200/0", "COMPLETE_ABORT, EMPTY 200/0", "ONGOING, PREPARE_ABORT 100/32767"})
        void whenTheEpochsAreUsedUp_thenThereIsANewProducerId(TransactionState state, String expected) {
            TransactionalId id = in(state, EXHAUSTED, TransactionVersion.TV_2);

            assertThat(told(id.initProducerId(TIMEOUT_MS, Optional.empty(), TransactionalIdTest::newId, NOW)))
                    .isEqualTo(expected);
        }

        @Test
        void aNewIdBeginsWithEpoch0() {
            TransactionalId id = TransactionalId.created("id", PRODUCER, TIMEOUT_MS, NOW);

            assertThat(told(id.initProducerId(TIMEOUT_MS, Optional.empty(), TransactionalIdTest::newId, NOW)))
                    .isEqualTo("EMPTY 100/0");
        }
    }

    @Nested
    class AddPartitions {

        @ParameterizedTest(name = "in {0} as {1}/{2}: {3}")
        @CsvSource({"EMPTY, 100, 5, ONGOING 100/5", "COMPLETE_COMMIT, 100, 5, ONGOING 100/5",
                "COMPLETE_ABORT, 100, 5, ONGOING 100/5", "ONGOING, 100, 5, ONGOING 100/5",
                "PREPARE_COMMIT, 100, 5, CONCURRENT_TRANSACTIONS", "PREPARE_ABORT, 100, 5, CONCURRENT_TRANSACTIONS",
                "ONGOING, 77, 5, INVALID_PRODUCER_ID_MAPPING", "ONGOING, 100, 4, PRODUCER_FENCED",
                "ONGOING, 100, 6, PRODUCER_FENCED", "EMPTY, 100, 4, PRODUCER_FENCED"})
        void ofAProducer(TransactionState state, long producer, short epoch, String expected) {
            assertThat(told(in(state).addPartitions(producer, epoch, Set.of(NEW), TransactionVersion.TV_2, NOW)))
                    .isEqualTo(expected);
        }

        @Test
        void whatIsPartOfItAlready_isNotRecordedAgain() {
            assertThat(told(in(TransactionState.ONGOING).addPartitions(PRODUCER, EPOCH, Set.of(KNOWN),
                    TransactionVersion.TV_0, NOW))).isEqualTo("done");
        }

        @Test
        void theTransactionBeginsWithTheFirst_andKeepsThemAll() {
            TransactionalId id = in(TransactionState.EMPTY);
            move(id, id.addPartitions(PRODUCER, EPOCH, Set.of(KNOWN), TransactionVersion.TV_2, NOW));
            move(id, id.addPartitions(PRODUCER, EPOCH, Set.of(NEW), TransactionVersion.TV_2, NOW + 50));

            assertThat(id.startMs()).isEqualTo(NOW);
            assertThat(id.partitions()).containsExactlyInAnyOrder(KNOWN, NEW);
        }

        @ParameterizedTest(name = "verified in {0} as {1}/{2}, partition {3}: {4}")
        @CsvSource({"ONGOING, 100, 5, 0, NONE", "ONGOING, 100, 5, 1, TRANSACTION_ABORTABLE",
                "ONGOING, 77, 5, 0, INVALID_PRODUCER_ID_MAPPING", "ONGOING, 100, 4, 0, PRODUCER_FENCED",
                "EMPTY, 100, 5, 0, TRANSACTION_ABORTABLE", "COMPLETE_COMMIT, 100, 5, 0, TRANSACTION_ABORTABLE",
                "PREPARE_COMMIT, 100, 5, 0, CONCURRENT_TRANSACTIONS",
                "PREPARE_ABORT, 100, 5, 0, CONCURRENT_TRANSACTIONS"})
        void onlyVerified(TransactionState state, long producer, short epoch, int partition, Errors expected) {
            assertThat(in(state).verify(producer, epoch, new TopicPartition("orders", partition))).isEqualTo(expected);
        }
    }

    @Nested
    class EndOfVersion1 {

        @ParameterizedTest(name = "{1} in {0} as {2}/{3}: {4}")
        @CsvSource({"ONGOING, COMMIT, 100, 5, PREPARE_COMMIT 100/5", "ONGOING, ABORT, 100, 5, PREPARE_ABORT 100/5",
                "EMPTY, COMMIT, 100, 5, INVALID_TXN_STATE", "EMPTY, ABORT, 100, 5, INVALID_TXN_STATE",
                "COMPLETE_COMMIT, COMMIT, 100, 5, done", "COMPLETE_COMMIT, ABORT, 100, 5, INVALID_TXN_STATE",
                "COMPLETE_ABORT, ABORT, 100, 5, done", "COMPLETE_ABORT, COMMIT, 100, 5, INVALID_TXN_STATE",
                "PREPARE_COMMIT, COMMIT, 100, 5, CONCURRENT_TRANSACTIONS",
                "PREPARE_COMMIT, ABORT, 100, 5, INVALID_TXN_STATE",
                "PREPARE_ABORT, ABORT, 100, 5, CONCURRENT_TRANSACTIONS",
                "PREPARE_ABORT, COMMIT, 100, 5, INVALID_TXN_STATE",
                "ONGOING, COMMIT, 77, 5, INVALID_PRODUCER_ID_MAPPING",
                "ONGOING, COMMIT, 100, 4, PRODUCER_FENCED", "ONGOING, COMMIT, 100, 6, PRODUCER_FENCED",
                "COMPLETE_COMMIT, COMMIT, 100, 4, PRODUCER_FENCED"})
        void ofAProducer(TransactionState state, TransactionResult result, long producer, short epoch,
                String expected) {
            assertThat(told(in(state, EPOCH, TransactionVersion.TV_0).end(producer, epoch, result,
                    TransactionVersion.TV_0, TransactionalIdTest::newId, NOW))).isEqualTo(expected);
        }
    }

    @Nested
    class EndOfVersion2 {

        @ParameterizedTest(name = "{1} in {0} as {2}/{3}: {4}")
        @CsvSource({"ONGOING, COMMIT, 100, 5, PREPARE_COMMIT 100/6", "ONGOING, ABORT, 100, 5, PREPARE_ABORT 100/6",
                "ONGOING, COMMIT, 100, 4, PRODUCER_FENCED", "ONGOING, COMMIT, 77, 5, INVALID_PRODUCER_ID_MAPPING",
                // the table of KIP-890: asked again with the epoch before, or asked with the current one
                "EMPTY, ABORT, 100, 4, PRODUCER_FENCED", "EMPTY, ABORT, 100, 5, PREPARE_ABORT 100/6",
                "EMPTY, COMMIT, 100, 4, PRODUCER_FENCED", "EMPTY, COMMIT, 100, 5, INVALID_TXN_STATE",
                "COMPLETE_ABORT, ABORT, 100, 4, done 100/5", "COMPLETE_ABORT, ABORT, 100, 5, PREPARE_ABORT 100/6",
                "COMPLETE_ABORT, COMMIT, 100, 4, INVALID_TXN_STATE",
                "COMPLETE_ABORT, COMMIT, 100, 5, INVALID_TXN_STATE",
                "COMPLETE_COMMIT, ABORT, 100, 4, INVALID_TXN_STATE",
                "COMPLETE_COMMIT, ABORT, 100, 5, PREPARE_ABORT 100/6", "COMPLETE_COMMIT, COMMIT, 100, 4, done 100/5",
                "COMPLETE_COMMIT, COMMIT, 100, 5, INVALID_TXN_STATE",
                "COMPLETE_COMMIT, COMMIT, 100, 3, PRODUCER_FENCED",
                "PREPARE_COMMIT, COMMIT, 100, 4, CONCURRENT_TRANSACTIONS",
                "PREPARE_COMMIT, COMMIT, 100, 5, PRODUCER_FENCED", "PREPARE_COMMIT, ABORT, 100, 4, INVALID_TXN_STATE",
                "PREPARE_ABORT, ABORT, 100, 4, CONCURRENT_TRANSACTIONS",
                "PREPARE_ABORT, COMMIT, 100, 4, INVALID_TXN_STATE"})
        void ofAProducer(TransactionState state, TransactionResult result, long producer, short epoch,
                String expected) {
            assertThat(told(
                    in(state).end(producer, epoch, result, TransactionVersion.TV_2, TransactionalIdTest::newId, NOW)))
                    .isEqualTo(expected);
        }

        @Test
        void whenItWasTheLastEpoch_thenTheProducerGoesOnWithANewId_andMayAskAgain() {
            TransactionalId id = in(TransactionState.ONGOING, EXHAUSTED, TransactionVersion.TV_2);

            TxnTransitMetadata prepared = move(id,
                    id.end(PRODUCER, EXHAUSTED, TransactionResult.COMMIT, TransactionVersion.TV_2,
                            TransactionalIdTest::newId, NOW));
            assertThat(prepared.producerEpoch()).isEqualTo(Short.MAX_VALUE);
            id.moved(id.complete(NOW));

            assertThat(id.producerId()).isEqualTo(NEW_PRODUCER);
            assertThat(id.epoch()).isZero();
            assertThat(told(
                    id.end(PRODUCER, EXHAUSTED, TransactionResult.COMMIT, TransactionVersion.TV_2,
                            TransactionalIdTest::newId, NOW)))
                    .isEqualTo("done 200/0");
        }
    }

    @Nested
    class WhileAMoveIsUnderWay {
        final TransactionalId id = in(TransactionState.EMPTY);
        final Decision move = id.addPartitions(PRODUCER, EPOCH, Set.of(NEW), TransactionVersion.TV_2, NOW);

        @Test
        void everyRequestIsToldToComeAgain() {
            assertThat(told(id.initProducerId(TIMEOUT_MS, Optional.empty(), TransactionalIdTest::newId, NOW)))
                    .isEqualTo("CONCURRENT_TRANSACTIONS");
            assertThat(told(id.addPartitions(PRODUCER, EPOCH, Set.of(KNOWN), TransactionVersion.TV_2, NOW)))
                    .isEqualTo("CONCURRENT_TRANSACTIONS");
            assertThat(told(
                    id.end(PRODUCER, EPOCH, TransactionResult.COMMIT, TransactionVersion.TV_2,
                            TransactionalIdTest::newId, NOW)))
                    .isEqualTo("CONCURRENT_TRANSACTIONS");
            assertThat(told(
                    id.end(PRODUCER, EPOCH, TransactionResult.COMMIT, TransactionVersion.TV_0,
                            TransactionalIdTest::newId, NOW)))
                    .isEqualTo("CONCURRENT_TRANSACTIONS");
            assertThat(id.isExpired(0, NOW)).isFalse();
        }

        @Test
        void whenItCannotBeRecorded_thenNothingHappened() {
            id.failed();

            assertThat(id.state()).isEqualTo(TransactionState.EMPTY);
            assertThat(told(id.addPartitions(PRODUCER, EPOCH, Set.of(NEW), TransactionVersion.TV_2, NOW)))
                    .isEqualTo("ONGOING 100/5");
        }

        @Test
        void whoWaits_isToldWhenItSettled() {
            int[] told = {0};
            assertThat(id.whenSettled(() -> told[0]++)).isTrue();
            assertThat(told[0]).isZero();

            move(id, move);
            id.settled();

            assertThat(told[0]).isOne();
            assertThat(id.whenSettled(() -> told[0]++)).isFalse();
        }

        @Test
        void whenItTakesLong_thenNobodyWaits_untilItIsMade() {
            int[] told = {0};
            id.whenSettled(() -> told[0]++);

            id.stuck();

            assertThat(told[0]).isOne();
            assertThat(id.whenSettled(() -> told[0]++)).isFalse();
            move(id, move);
            id.addPartitions(PRODUCER, EPOCH, Set.of(KNOWN), TransactionVersion.TV_2, NOW);
            assertThat(id.whenSettled(() -> told[0]++)).isTrue();
        }

        @Test
        void onlySoManyMayWait() {
            for (int i = 0; i < TransactionalId.WAITING_MAX; i++) {
                assertThat(id.whenSettled(() -> {
                })).isTrue();
            }

            assertThat(id.whenSettled(() -> {
            })).isFalse();
        }
    }

    @ParameterizedTest(name = "in {0}, {1} ms after its begin: {2}")
    @CsvSource({"ONGOING, 60001, PREPARE_ABORT 100/6", "ONGOING, 60000, CONCURRENT_TRANSACTIONS",
            "EMPTY, 999999, CONCURRENT_TRANSACTIONS", "PREPARE_COMMIT, 999999, CONCURRENT_TRANSACTIONS"})
    void aTransactionThatTookTooLong_isAborted_andItsProducerFenced(TransactionState state, long afterMs,
            String expected) {
        TransactionalId id = in(state);

        assertThat(told(id.timeOut(TransactionalIdTest::newId, id.startMs() + afterMs))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "in {0}: {1}")
    @CsvSource({"EMPTY, true", "COMPLETE_COMMIT, true", "COMPLETE_ABORT, true", "ONGOING, false",
            "PREPARE_COMMIT, false", "PREPARE_ABORT, false"})
    void anIdThatNobodyUses_expires_whereNothingIsOpen(TransactionState state, boolean expected) {
        assertThat(in(state).isExpired(1000, NOW + 990)).isEqualTo(expected);
        assertThat(in(state).isExpired(1000, NOW + 989)).isFalse();
    }

    private static TxnTransitMetadata move(TransactionalId id, Decision decision) {
        TxnTransitMetadata next = ((Decision.Move) decision).next();
        id.moved(next);
        return next;
    }
}
