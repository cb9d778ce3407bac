// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

/**
 * What a partition remembers of one producer id (KIP-98): its epoch, its last five batches, its transaction.
 *
 * <p>Thread: the owner of the partition's state. Memory: about 200 bytes.
 */
final class ProducerState {
    /** Batches that are remembered: as many requests as an idempotent producer may have in flight. */
    static final int BATCHES_MAX = 5;

    static final short NO_EPOCH = -1;
    static final long NO_TRANSACTION = -1;

    private final long producerId;
    private final int[] lastSequences = new int[BATCHES_MAX];
    private final long[] lastOffsets = new long[BATCHES_MAX];
    private final int[] offsetDeltas = new int[BATCHES_MAX];
    private int batches;
    private int newest = -1;
    private short epoch = NO_EPOCH;
    private int coordinatorEpoch = -1;
    private long lastTimestamp = -1;
    private long transactionFirstOffset = NO_TRANSACTION;
    private long lastSeenMs;

    ProducerState(long producerId) {
        this.producerId = producerId;
    }

    long producerId() {
        return producerId;
    }

    short epoch() {
        return epoch;
    }

    int coordinatorEpoch() {
        return coordinatorEpoch;
    }

    /** Timestamp of its last batch or marker, in milliseconds; -1 where there was none. */
    long lastTimestamp() {
        return lastTimestamp;
    }

    /** Where its ongoing transaction begins; {@link #NO_TRANSACTION} where there is none. */
    long transactionFirstOffset() {
        return transactionFirstOffset;
    }

    boolean inTransaction() {
        return transactionFirstOffset != NO_TRANSACTION;
    }

    /** When it was last heard of, on the broker's clock: by this it expires. */
    long lastSeenMs() {
        return lastSeenMs;
    }

    void seen(long nowMs) {
        lastSeenMs = nowMs;
    }

    int batches() {
        return batches;
    }

    /** The last sequence of the newest batch; -1 where none is remembered of this epoch. */
    int lastSequence() {
        return batches == 0 ? Batch.NO_SEQUENCE : lastSequences[newest];
    }

    /** The last offset of the newest batch; -1 where none is remembered of this epoch. */
    long lastOffset() {
        return batches == 0 ? -1 : lastOffsets[newest];
    }

    /** The last sequence, last offset and offset delta of a remembered batch, 0 being the oldest. */
    int lastSequence(int i) {
        return lastSequences[place(i)];
    }

    long lastOffset(int i) {
        return lastOffsets[place(i)];
    }

    int offsetDelta(int i) {
        return offsetDeltas[place(i)];
    }

    private int place(int i) {
        return Math.floorMod(newest - (batches - 1) + i, BATCHES_MAX);
    }

    /** Which remembered batch has these sequences in this epoch; -1 where none has. */
    int find(short producerEpoch, int baseSequence, int lastOffsetDelta) {
        if (producerEpoch != epoch) {
            return -1;
        }
        int last = Batch.sequenceAfter(baseSequence, lastOffsetDelta);
        for (int i = 0; i < batches; i++) {
            if (lastSequence(i) == last && offsetDelta(i) == lastOffsetDelta) {
                return i;
            }
        }
        return -1;
    }

    void added(short producerEpoch, int lastSequence, long lastOffset, int offsetDelta, long timestamp) {
        epoch(producerEpoch);
        newest = (newest + 1) % BATCHES_MAX;
        batches = Math.min(batches + 1, BATCHES_MAX);
        lastSequences[newest] = lastSequence;
        lastOffsets[newest] = lastOffset;
        offsetDeltas[newest] = offsetDelta;
        lastTimestamp = timestamp;
    }

    void began(long firstOffset) {
        transactionFirstOffset = firstOffset;
    }

    /** A marker ended its transaction, or found none. Sequences begin anew where the epoch was raised with it (KIP-890). */
    void ended(short markerEpoch, int markerCoordinatorEpoch, long timestamp) {
        epoch(markerEpoch);
        coordinatorEpoch = markerCoordinatorEpoch;
        lastTimestamp = timestamp;
        transactionFirstOffset = NO_TRANSACTION;
    }

    private void epoch(short producerEpoch) {
        if (producerEpoch != epoch) {
            epoch = producerEpoch;
            batches = 0;
            newest = -1;
        }
    }

    /** As it was in a snapshot; batches follow by {@link #added}, of the same epoch. */
    void restore(short producerEpoch, int restoredCoordinatorEpoch, long timestamp, long transactionFirst) {
        epoch = producerEpoch;
        coordinatorEpoch = restoredCoordinatorEpoch;
        lastTimestamp = timestamp;
        transactionFirstOffset = transactionFirst;
    }
}
