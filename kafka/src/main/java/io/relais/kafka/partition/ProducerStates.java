// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.LongObjectHashMap;
import io.relais.log.record.RecordBatch;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What the batches of a partition say about its producers and their transactions. Everything here is derived from the log: given the same batches, the same state.
 *
 * <p>Thread: whoever builds it, then the owner. Bounds: {@value #PRODUCERS_MAX} producers, then those not heard of for longest are forgotten, a tenth at a time, but none with a transaction.
 */
final class ProducerStates {
    /** Producers that are remembered in one partition. */
    static final int PRODUCERS_MAX = 20_000;

    private final LongObjectHashMap<ProducerState> producers = new LongObjectHashMap<>();
    private final TreeMap<Long, Long> ongoing = new TreeMap<>(); // first offset -> producer
    private final Deque<Completed> completed = new ArrayDeque<>();
    private final AbortedTransactions aborted = new AbortedTransactions();

    /** A transaction whose marker was appended: its records stay unstable until the marker is below the high watermark. */
    private record Completed(long firstOffset, long markerOffset) {}

    int count() {
        return producers.size();
    }

    AbortedTransactions aborted() {
        return aborted;
    }

    @Nullable
    ProducerState of(long producerId) {
        return producers.get(producerId);
    }

    /** All of them, by id. */
    Stream<ProducerState> all() {
        return producers.values().stream().sorted(Comparator.comparingLong(ProducerState::producerId));
    }

    boolean inTransaction(long producerId, short epoch) {
        ProducerState state = producers.get(producerId);
        return state != null && state.inTransaction() && state.epoch() == epoch;
    }

    /** Where the records of transactions begin that are not decided, or whose decision is not below the high watermark; {@link Long#MAX_VALUE} where there are none. */
    long firstUnstableOffset() {
        long first = ongoing.isEmpty() ? Long.MAX_VALUE : ongoing.firstKey();
        for (Completed each : completed) {
            first = Math.min(first, each.firstOffset());
        }
        return first;
    }

    /** The high watermark moved: decisions below it are final. */
    void advanced(long highWatermark) {
        Completed oldest = completed.peek();
        while (oldest != null && oldest.markerOffset() < highWatermark) {
            completed.remove();
            oldest = completed.peek();
        }
    }

    /**
     * Whether a batch of a client that is not a duplicate may follow.
     *
     * @param state  of its producer; null where nothing is known of it: then any sequence may come (KIP-360), but for
     * @param strict a producer of transactions version 2 (KIP-890), which begins at 0
     */
    static Errors check(ByteBuf in, int at, @Nullable ProducerState state, boolean strict) {
        int sequence = Batch.baseSequence(in, at);
        if (state == null || state.epoch() == ProducerState.NO_EPOCH) {
            return strict && sequence != 0 ? Errors.OUT_OF_ORDER_SEQUENCE_NUMBER : Errors.NONE;
        }
        short epoch = Batch.producerEpoch(in, at);
        if (epoch < state.epoch()) {
            return Errors.INVALID_PRODUCER_EPOCH;
        }
        int expected = epoch == state.epoch() && state.batches() > 0 ? Batch.sequenceAfter(state.lastSequence(), 1) : 0;
        if (sequence != expected) {
            return Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
        }
        if (state.inTransaction() && !Batch.isTransactional(in, at)) {
            return Errors.INVALID_TXN_STATE;
        }
        return Errors.NONE;
    }

    /** Whether a coordinator may end a transaction of this producer. */
    Errors checkMarker(long producerId, short epoch, int coordinatorEpoch) {
        ProducerState state = producers.get(producerId);
        if (state == null) {
            return Errors.NONE;
        }
        if (epoch < state.epoch()) {
            return Errors.INVALID_PRODUCER_EPOCH;
        }
        return coordinatorEpoch < state.coordinatorEpoch() ? Errors.TRANSACTION_COORDINATOR_FENCED : Errors.NONE;
    }

    /** A batch is in the log at an offset. */
    void appended(ByteBuf in, int at, long baseOffset, long nowMs) {
        long producerId = Batch.producerId(in, at);
        if (producerId < 0) {
            return;
        }
        if (Batch.isControl(in, at)) {
            Batch.Marker marker = Batch.marker(in, at);
            if (marker != null) {
                ended(producer(producerId, nowMs), Batch.producerEpoch(in, at), marker, baseOffset,
                        RecordBatch.maxTimestamp(in, at));
            }
            return;
        }
        ProducerState state = producer(producerId, nowMs);
        int delta = RecordBatch.lastOffsetDelta(in, at);
        int sequence = Batch.baseSequence(in, at);
        state.added(Batch.producerEpoch(in, at),
                sequence == Batch.NO_SEQUENCE ? Batch.NO_SEQUENCE : Batch.sequenceAfter(sequence, delta),
                baseOffset + delta, delta, RecordBatch.maxTimestamp(in, at));
        if (Batch.isTransactional(in, at) && !state.inTransaction()) {
            state.began(baseOffset);
            ongoing.put(baseOffset, producerId);
        }
    }

    private ProducerState producer(long producerId, long nowMs) {
        ProducerState state = producers.get(producerId);
        if (state == null) {
            if (producers.size() >= PRODUCERS_MAX) {
                forgetOldest();
            }
            state = new ProducerState(producerId);
            producers.put(producerId, state);
        }
        state.seen(nowMs);
        return state;
    }

    private void ended(ProducerState state, short epoch, Batch.Marker marker, long markerOffset, long timestamp) {
        if (state.inTransaction()) {
            long first = state.transactionFirstOffset();
            ongoing.remove(first);
            completed.add(new Completed(first, markerOffset));
            if (!marker.commit()) {
                long stable = ongoing.isEmpty() ? markerOffset + 1 : Math.min(ongoing.firstKey(), markerOffset + 1);
                aborted.add(state.producerId(), first, markerOffset, stable);
            }
        }
        state.ended(epoch, marker.coordinatorEpoch(), timestamp);
    }

    private void forgetOldest() {
        producers.values().stream().filter(each -> !each.inTransaction())
                .sorted(Comparator.comparingLong(ProducerState::lastSeenMs)).limit(PRODUCERS_MAX / 10)
                .map(ProducerState::producerId).toList().forEach(producers::remove);
    }

    /** Forgets producers without a transaction that were not heard of since a moment. */
    void expire(long beforeMs) {
        producers.values().removeIf(each -> !each.inTransaction() && each.lastSeenMs() < beforeMs);
    }

    /** Puts in what a snapshot holds. */
    void restore(ProducerState state) {
        producers.put(state.producerId(), state);
        if (state.inTransaction()) {
            ongoing.put(state.transactionFirstOffset(), state.producerId());
        }
    }
}
