// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.transaction.TransactionMetadata;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.apache.kafka.server.common.TransactionVersion;

/**
 * One transactional id: decides about every request that concerns it (KIP-98, KIP-360, KIP-890). A decision to move is made here and recorded by the caller; {@link #moved} or {@link #failed} follow, and until then
 * every other request is told {@link Errors#CONCURRENT_TRANSACTIONS}.
 *
 * <p>What the states are and which may follow which is Kafka's own {@link TransactionMetadata}.
 *
 * <p>Thread: the owner. Memory: about 500 bytes and the partitions of the ongoing transaction.
 */
final class TransactionalId {
    /** Requests that wait for one move to settle; those beyond are told to try again. */
    static final int WAITING_MAX = 1000;

    private final TransactionMetadata metadata;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean stuck;

    TransactionalId(TransactionMetadata metadata) {
        this.metadata = metadata;
    }

    /** One that is used for the first time. */
    static TransactionalId created(String id, long producerId, int timeoutMs, long nowMs) {
        return new TransactionalId(new TransactionMetadata(id, producerId, RecordBatch.NO_PRODUCER_ID,
                RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH, RecordBatch.NO_PRODUCER_EPOCH, timeoutMs,
                TransactionState.EMPTY, Set.of(), -1, nowMs, TransactionVersion.TV_0));
    }

    String id() {
        return metadata.transactionalId();
    }

    TransactionState state() {
        return metadata.state();
    }

    long producerId() {
        return metadata.producerId();
    }

    short epoch() {
        return metadata.producerEpoch();
    }

    int timeoutMs() {
        return metadata.txnTimeoutMs();
    }

    /** When its ongoing or last transaction began, in milliseconds since the epoch; -1 where there was none. */
    long startMs() {
        return metadata.txnStartTimestamp();
    }

    /** The version of transactions that its producer spoke last: 0, 1 or 2. */
    short version() {
        return metadata.clientTransactionVersion().featureLevel();
    }

    Set<TopicPartition> partitions() {
        return metadata.topicPartitions();
    }

    boolean isMoving() {
        return metadata.pendingTransitionInProgress();
    }

    /**
     * A producer begins, or begins again. An ongoing transaction is aborted first; its producer, whoever that is, is fenced with it.
     *
     * @param expected what the producer believes its id and epoch to be (KIP-360)
     * @param ids      gives a new producer id where the epochs of this one are used up
     */
    Decision initProducerId(int timeoutMs, Optional<ProducerIdAndEpoch> expected, LongSupplier ids, long nowMs) {
        if (isMoving()) {
            return refused(Errors.CONCURRENT_TRANSACTIONS);
        }
        if (expected.isPresent() && !mayBe(expected.get())) {
            return refused(Errors.PRODUCER_FENCED);
        }
        return switch (state()) {
            case PREPARE_ABORT, PREPARE_COMMIT -> refused(Errors.CONCURRENT_TRANSACTIONS);
            case ONGOING -> abort(ids, nowMs);
            case EMPTY, COMPLETE_ABORT, COMPLETE_COMMIT -> raiseEpoch(timeoutMs, expected, ids, nowMs);
            case DEAD, PREPARE_EPOCH_FENCE -> throw impossible();
        };
    }

    /** Whether the producer is the current one, or the one before it whose epochs were used up and whose answer was lost. */
    private boolean mayBe(ProducerIdAndEpoch expected) {
        return epoch() == RecordBatch.NO_PRODUCER_EPOCH || expected.producerId() == producerId()
                || (expected.producerId() == metadata.prevProducerId()
                        && TransactionMetadata.isEpochExhausted(expected.epoch()));
    }

    private Decision raiseEpoch(int timeoutMs, Optional<ProducerIdAndEpoch> expected, LongSupplier ids, long nowMs) {
        if (metadata.isProducerEpochExhausted() && (expected.isEmpty() || expected.get().epoch() == epoch())) {
            return new Decision.Move(metadata.prepareProducerIdRotation(ids.getAsLong(), timeoutMs, nowMs,
                    expected.isPresent()));
        }
        try {
            return new Decision.Move(metadata.prepareIncrementProducerEpoch(timeoutMs,
                    expected.map(ProducerIdAndEpoch::epoch), nowMs));
        } catch (ProducerFencedException e) {
            return refused(Errors.PRODUCER_FENCED);
        }
    }

    /** Partitions become part of the transaction, which begins with the first. */
    Decision addPartitions(long producerId, short epoch, Set<TopicPartition> partitions, TransactionVersion version,
            long nowMs) {
        if (isMoving()) {
            return refused(Errors.CONCURRENT_TRANSACTIONS);
        }
        if (producerId != producerId()) {
            return refused(Errors.INVALID_PRODUCER_ID_MAPPING);
        }
        if (epoch != epoch()) {
            return refused(Errors.PRODUCER_FENCED);
        }
        return switch (state()) {
            case PREPARE_ABORT, PREPARE_COMMIT -> refused(Errors.CONCURRENT_TRANSACTIONS);
            case ONGOING -> partitions().containsAll(partitions)
                    ? new Decision.AlreadyDone(RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH)
                    : add(partitions, version, nowMs);
            case EMPTY, COMPLETE_ABORT, COMPLETE_COMMIT -> add(partitions, version, nowMs);
            case DEAD, PREPARE_EPOCH_FENCE -> throw impossible();
        };
    }

    private Decision add(Set<TopicPartition> partitions, TransactionVersion version, long nowMs) {
        return new Decision.Move(metadata.prepareAddPartitions(new HashSet<>(partitions), nowMs, version));
    }

    /** Whether a partition is part of the producer's ongoing transaction: no move that is under way matters, since the partition is asked again when it appends. */
    Errors verify(long producerId, short epoch, TopicPartition partition) {
        if (producerId != producerId()) {
            return Errors.INVALID_PRODUCER_ID_MAPPING;
        }
        if (epoch != epoch()) {
            return Errors.PRODUCER_FENCED;
        }
        if (state() == TransactionState.PREPARE_COMMIT || state() == TransactionState.PREPARE_ABORT) {
            return Errors.CONCURRENT_TRANSACTIONS;
        }
        return partitions().contains(partition) ? Errors.NONE : Errors.TRANSACTION_ABORTABLE;
    }

    /** The producer commits or aborts. With version 2 its epoch is raised with it, and it may abort what it never began. */
    Decision end(long producerId, short epoch, TransactionResult result, TransactionVersion version, LongSupplier ids,
            long nowMs) {
        return version.supportsEpochBump()
                ? endVersion2(producerId, epoch, result, ids, nowMs)
                : endVersion1(producerId, epoch, result, nowMs);
    }

    private Decision endVersion1(long producerId, short epoch, TransactionResult result, long nowMs) {
        if (producerId != producerId()) {
            return refused(Errors.INVALID_PRODUCER_ID_MAPPING);
        }
        if (epoch != epoch()) {
            return refused(Errors.PRODUCER_FENCED);
        }
        if (isMoving()) {
            return refused(Errors.CONCURRENT_TRANSACTIONS);
        }
        return switch (state()) {
            case ONGOING -> new Decision.Move(metadata.prepareAbortOrCommit(prepared(result), TransactionVersion.TV_0,
                    RecordBatch.NO_PRODUCER_ID, nowMs, false));
            case PREPARE_COMMIT, PREPARE_ABORT -> refused(state() == prepared(result)
                    ? Errors.CONCURRENT_TRANSACTIONS
                    : Errors.INVALID_TXN_STATE);
            case COMPLETE_COMMIT, COMPLETE_ABORT -> state() == completed(result)
                    ? new Decision.AlreadyDone(RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH)
                    : refused(Errors.INVALID_TXN_STATE);
            case EMPTY -> refused(Errors.INVALID_TXN_STATE);
            case DEAD, PREPARE_EPOCH_FENCE -> throw impossible();
        };
    }

    private Decision endVersion2(long producerId, short epoch, TransactionResult result, LongSupplier ids,
            long nowMs) {
        if (isMoving()) {
            return refused(Errors.CONCURRENT_TRANSACTIONS);
        }
        // the epoch is raised at every end, so one below the current is the last end asked for again
        boolean again = epoch() == epoch + 1;
        boolean againWithNewId = metadata.prevProducerId() == producerId && epoch == Short.MAX_VALUE - 1
                && epoch() == 0;
        if (producerId != producerId() && !againWithNewId) {
            return refused(Errors.INVALID_PRODUCER_ID_MAPPING);
        }
        boolean mayBe = switch (state()) {
            case EMPTY, ONGOING -> epoch == epoch();
            case PREPARE_COMMIT, PREPARE_ABORT -> again;
            case COMPLETE_COMMIT, COMPLETE_ABORT -> again || againWithNewId || epoch == epoch();
            case DEAD, PREPARE_EPOCH_FENCE -> throw impossible();
        };
        if (!mayBe) {
            return refused(Errors.PRODUCER_FENCED);
        }
        return switch (state()) {
            case ONGOING -> new Decision.Move(endVersion2(prepared(result), ids, nowMs, false));
            case PREPARE_COMMIT, PREPARE_ABORT -> refused(state() == prepared(result)
                    ? Errors.CONCURRENT_TRANSACTIONS
                    : Errors.INVALID_TXN_STATE);
            case COMPLETE_COMMIT, COMPLETE_ABORT -> {
                if (again || againWithNewId) {
                    yield state() == completed(result)
                            ? new Decision.AlreadyDone(producerId(), epoch())
                            : refused(Errors.INVALID_TXN_STATE);
                }
                yield abortOfNothing(result, ids, nowMs);
            }
            case EMPTY -> abortOfNothing(result, ids, nowMs);
            case DEAD, PREPARE_EPOCH_FENCE -> throw impossible();
        };
    }

    /** A producer that does not know whether its transaction began (its records may have been refused) ends it by an abort. */
    private Decision abortOfNothing(TransactionResult result, LongSupplier ids, long nowMs) {
        return result == TransactionResult.ABORT
                ? new Decision.Move(endVersion2(TransactionState.PREPARE_ABORT, ids, nowMs, true))
                : refused(Errors.INVALID_TXN_STATE);
    }

    private TxnTransitMetadata endVersion2(TransactionState next, LongSupplier ids, long nowMs, boolean nothing) {
        long newId = metadata.isProducerEpochExhausted() ? ids.getAsLong() : RecordBatch.NO_PRODUCER_ID;
        return metadata.prepareAbortOrCommit(next, TransactionVersion.TV_2, newId, nowMs, nothing);
    }

    /** Aborts the ongoing transaction and raises the epoch, so that its producer is fenced. */
    private Decision abort(LongSupplier ids, long nowMs) {
        return new Decision.Move(endVersion2(TransactionState.PREPARE_ABORT, ids, nowMs, false));
    }

    /** Whether its transaction took longer than its producer allowed. */
    boolean isTimedOut(long nowMs) {
        return state() == TransactionState.ONGOING && !isMoving() && startMs() + timeoutMs() < nowMs;
    }

    /** Ends a transaction that took too long. */
    Decision timeOut(LongSupplier ids, long nowMs) {
        return isTimedOut(nowMs) ? abort(ids, nowMs) : refused(Errors.CONCURRENT_TRANSACTIONS);
    }

    /** All partitions have their marker, or will have: what comes after. */
    TxnTransitMetadata complete(long nowMs) {
        return metadata.prepareComplete(nowMs);
    }

    /** Whether nobody used it for so long that it may be forgotten. */
    boolean isExpired(long idExpirationMs, long nowMs) {
        return state().isExpirationAllowed() && !isMoving()
                && metadata.txnLastUpdateTimestamp() <= nowMs - idExpirationMs;
    }

    /** It is being forgotten. */
    void expire() {
        metadata.prepareDead();
    }

    /** A partition has its marker. */
    void marked(TopicPartition partition) {
        metadata.removePartition(partition);
    }

    /** A decided move is durable. */
    void moved(TxnTransitMetadata next) {
        stuck = false;
        metadata.completeTransitionTo(next);
    }

    /** A decided move could not be recorded. */
    void failed() {
        stuck = false;
        metadata.pendingState(Optional.empty());
    }

    /** Runs an action when the move that is under way settled, one way or the other. Returns whether it will. */
    boolean whenSettled(Runnable action) {
        if (!isMoving() || stuck || waiting.size() >= WAITING_MAX) {
            return false;
        }
        return waiting.add(action);
    }

    /** The move that is under way may take long, as a disk failed: nobody waits for it any more. */
    void stuck() {
        stuck = true;
        settled();
    }

    /** Tells those who wait. */
    void settled() {
        Collection<Runnable> told = new ArrayDeque<>(waiting);
        waiting.clear();
        told.forEach(Runnable::run);
    }

    private static TransactionState prepared(TransactionResult result) {
        return result == TransactionResult.COMMIT ? TransactionState.PREPARE_COMMIT : TransactionState.PREPARE_ABORT;
    }

    private static TransactionState completed(TransactionResult result) {
        return result == TransactionResult.COMMIT ? TransactionState.COMPLETE_COMMIT : TransactionState.COMPLETE_ABORT;
    }

    private static Decision refused(Errors error) {
        return new Decision.Refused(error);
    }

    private IllegalStateException impossible() {
        return new IllegalStateException("transactional id " + id() + " is in state " + state()
                + ", which is never recorded");
    }
}
