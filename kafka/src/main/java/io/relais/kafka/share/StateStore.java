// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The durable state of all share partitions: what a restart begins with. A write takes effect at once, and is durable when its listener hears of it; what came in one round of the owner is one
 * append.
 *
 * <p>The log is read when share groups are first used. Where it has grown by {@value #SNAPSHOT_BYTES} bytes, every share partition is written as a whole, and what lies before is freed.
 *
 * <p>Thread: the owner. Memory: the state of all share partitions of all groups, in ranges.
 */
final class StateStore {
    /** How many bytes of updates are read at a start at most, beside one snapshot of all. */
    static final long SNAPSHOT_BYTES = 64 << 20;

    private final StateTopic topic;
    private final long snapshotBytes;
    private final List<Consumer<Errors>> waiting = new ArrayList<>();
    private final List<Consumer<SharePartitionId>> resetListeners = new ArrayList<>();
    private Map<SharePartitionId, StoredState> states = new HashMap<>();
    private Phase phase = Phase.UNREAD;
    private long bytesAtSnapshot;

    private enum Phase {
        UNREAD, READING, READY
    }

    StateStore(StateTopic topic) {
        this(topic, SNAPSHOT_BYTES);
    }

    /** @param snapshotBytes after how many bytes of updates everything is written as a whole */
    StateStore(StateTopic topic, long snapshotBytes) {
        this.topic = topic;
        this.snapshotBytes = snapshotBytes;
    }

    /** Told when the state of a share partition was replaced or deleted by somebody else than the one who writes it. */
    void onReset(Consumer<SharePartitionId> listener) {
        resetListeners.add(listener);
    }

    /** Calls back when the log was read: at once where it was. */
    void whenReady(Consumer<Errors> listener) {
        if (phase == Phase.READY) {
            listener.accept(Errors.NONE);
            return;
        }
        waiting.add(listener);
        if (phase == Phase.UNREAD) {
            phase = Phase.READING;
            topic.read(this::read);
        }
    }

    private void read(Errors error, Map<SharePartitionId, StoredState> found) {
        phase = error == Errors.NONE ? Phase.READY : Phase.UNREAD; // the next one who asks tries again
        states = found;
        List<Consumer<Errors>> listeners = List.copyOf(waiting);
        waiting.clear();
        listeners.forEach(listener -> listener.accept(error));
    }

    /** Null where the group coordinator has not initialized it. The store is ready. */
    @Nullable
    StoredState state(SharePartitionId id) {
        return states.get(id);
    }

    /** Begins anew at an offset, or where the group's configuration will say. The store is ready. */
    void initialize(SharePartitionId id, int stateEpoch, long startOffset, WriteListener listener) {
        StoredState before = states.get(id);
        if (before != null && stateEpoch < before.stateEpoch()) {
            listener.written(Errors.FENCED_STATE_EPOCH);
            return;
        }
        StoredState fresh = new StoredState(stateEpoch, before == null ? 0 : before.snapshotEpoch() + 1, startOffset,
                StoredState.NO_COUNT);
        states.put(id, fresh);
        topic.append(StateRecords.snapshot(id, fresh, topic.nowMs()), listener);
        resetListeners.forEach(each -> each.accept(id));
    }

    /** Writes what changed. The store is ready. */
    void write(SharePartitionId id, int stateEpoch, long startOffset, int deliveryCompleteCount,
            List<StateChange> changes, WriteListener listener) {
        StoredState state = states.get(id);
        if (state == null) {
            listener.written(Errors.INVALID_REQUEST);
        } else if (stateEpoch < state.stateEpoch()) {
            listener.written(Errors.FENCED_STATE_EPOCH);
        } else {
            state.apply(startOffset, deliveryCompleteCount, changes);
            topic.append(StateRecords.update(id, state, changes, topic.nowMs()), listener);
            snapshotNowAndThen();
        }
    }

    /** Forgets a share partition. The store is ready. */
    void delete(SharePartitionId id, WriteListener listener) {
        if (states.remove(id) == null) {
            listener.written(Errors.NONE);
            return;
        }
        topic.append(StateRecords.end(id, topic.nowMs()), listener);
        resetListeners.forEach(each -> each.accept(id));
    }

    /** Forgets all share partitions of a topic that is gone. */
    void deleteTopic(Uuid topicId) {
        List<SharePartitionId> gone = states.keySet().stream().filter(id -> id.topicId().equals(topicId)).toList();
        gone.forEach(id -> delete(id, error -> {}));
    }

    private void snapshotNowAndThen() {
        if (topic.appendedBytes() - bytesAtSnapshot < snapshotBytes) {
            return;
        }
        bytesAtSnapshot = topic.appendedBytes();
        topic.beginFreeing();
        states.forEach((id, state) -> {
            state.nextSnapshot();
            topic.append(StateRecords.snapshot(id, state, topic.nowMs()), error -> {});
        });
        topic.freeWhenDurable();
    }
}
