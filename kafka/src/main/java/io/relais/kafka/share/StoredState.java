// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.ArrayList;
import java.util.List;

/**
 * The durable state of one share partition, as the records of the state topic add up to it.
 *
 * <p>Thread: the owner; while it is read from the log, the thread that reads. Memory: about 100 bytes per range of records in the same state.
 */
final class StoredState {
    /** Where the group has not read yet: its {@code share.auto.offset.reset} says where to begin. */
    static final long NO_OFFSET = -1;

    /** What {@link #deliveryCompleteCount()} is where nobody knows: it is not told as a lag then. */
    static final int NO_COUNT = -1;

    private final int stateEpoch;
    private final RangeMap<Stored> ranges = new RangeMap<>();
    private int snapshotEpoch;
    private long startOffset;
    private int deliveryCompleteCount;

    private record Stored(StateChange.Kind kind, int deliveryCount) {}

    /** @param stateEpoch raised whenever an administrator resets the offset: writes of a lower one are refused */
    StoredState(int stateEpoch, int snapshotEpoch, long startOffset, int deliveryCompleteCount) {
        this.stateEpoch = stateEpoch;
        this.snapshotEpoch = snapshotEpoch;
        this.startOffset = startOffset;
        this.deliveryCompleteCount = deliveryCompleteCount;
    }

    int stateEpoch() {
        return stateEpoch;
    }

    /** How often it was written as a whole. */
    int snapshotEpoch() {
        return snapshotEpoch;
    }

    void nextSnapshot() {
        snapshotEpoch++;
    }

    long startOffset() {
        return startOffset;
    }

    int deliveryCompleteCount() {
        return deliveryCompleteCount;
    }

    /** @param newStartOffset {@link #NO_OFFSET} where it stays */
    void apply(long newStartOffset, int newDeliveryCompleteCount, List<StateChange> changes) {
        for (StateChange change : changes) {
            ranges.put(change.firstOffset(), change.lastOffset(), new Stored(change.kind(), change.deliveryCount()));
        }
        deliveryCompleteCount = newDeliveryCompleteCount;
        if (newStartOffset != NO_OFFSET) {
            startOffset = newStartOffset;
        }
        if (startOffset > 0) {
            ranges.remove(0, startOffset - 1);
        }
    }

    /** All states from the start offset on, in order. */
    List<StateChange> states() {
        List<StateChange> states = new ArrayList<>();
        ranges.all().forEach(range -> states.add(new StateChange(range.firstOffset(), range.lastOffset(),
                range.value().kind(), range.value().deliveryCount())));
        return states;
    }
}
