// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.Deserializer.UnknownRecordTypeException;
import org.apache.kafka.coordinator.share.ShareCoordinatorRecordSerde;
import org.apache.kafka.coordinator.share.generated.ShareSnapshotKey;
import org.apache.kafka.coordinator.share.generated.ShareSnapshotValue;
import org.apache.kafka.coordinator.share.generated.ShareUpdateKey;
import org.apache.kafka.coordinator.share.generated.ShareUpdateValue;
import org.apache.kafka.server.common.ApiMessageAndVersion;

/**
 * The records of {@code __share_group_state}, in Kafka's format (KIP-932): a snapshot is all of a share partition's state, or, without a value, its end; an update is what changed since.
 */
final class StateRecords {
    private static final ShareCoordinatorRecordSerde SERDE = new ShareCoordinatorRecordSerde();
    private static final short VERSION = 0;

    private StateRecords() {}

    static SimpleRecord snapshot(SharePartitionId id, StoredState state, long nowMs) {
        ShareSnapshotValue value = new ShareSnapshotValue().setSnapshotEpoch(state.snapshotEpoch())
                .setStateEpoch(state.stateEpoch()).setStartOffset(state.startOffset())
                .setDeliveryCompleteCount(state.deliveryCompleteCount()).setCreateTimestamp(nowMs)
                .setWriteTimestamp(nowMs)
                .setStateBatches(state.states().stream()
                        .map(each -> new ShareSnapshotValue.StateBatch().setFirstOffset(each.firstOffset())
                                .setLastOffset(each.lastOffset()).setDeliveryState(each.kind().id())
                                .setDeliveryCount((short) each.deliveryCount()))
                        .toList());
        return simple(CoordinatorRecord.record(snapshotKey(id), new ApiMessageAndVersion(value, VERSION)), nowMs);
    }

    static SimpleRecord update(SharePartitionId id, StoredState state, List<StateChange> changes, long nowMs) {
        ShareUpdateValue value = new ShareUpdateValue().setSnapshotEpoch(state.snapshotEpoch())
                .setStartOffset(state.startOffset()).setDeliveryCompleteCount(state.deliveryCompleteCount())
                .setStateBatches(changes.stream()
                        .map(each -> new ShareUpdateValue.StateBatch().setFirstOffset(each.firstOffset())
                                .setLastOffset(each.lastOffset()).setDeliveryState(each.kind().id())
                                .setDeliveryCount((short) each.deliveryCount()))
                        .toList());
        ShareUpdateKey key = new ShareUpdateKey().setGroupId(id.groupId()).setTopicId(id.topicId())
                .setPartition(id.partition());
        return simple(CoordinatorRecord.record(key, new ApiMessageAndVersion(value, VERSION)), nowMs);
    }

    static SimpleRecord end(SharePartitionId id, long nowMs) {
        return simple(CoordinatorRecord.tombstone(snapshotKey(id)), nowMs);
    }

    private static ShareSnapshotKey snapshotKey(SharePartitionId id) {
        return new ShareSnapshotKey().setGroupId(id.groupId()).setTopicId(id.topicId()).setPartition(id.partition());
    }

    private static SimpleRecord simple(CoordinatorRecord record, long nowMs) {
        byte[] value = record.value() == null ? null : SERDE.serializeValue(record);
        return new SimpleRecord(nowMs, SERDE.serializeKey(record), value);
    }

    /** Takes one record into account. Records of a later version's types are passed over, as Kafka does. */
    static void replay(Record record, Map<SharePartitionId, StoredState> states) {
        ByteBuffer value = record.hasValue() ? record.value() : null;
        CoordinatorRecord decoded;
        try {
            decoded = SERDE.deserialize(record.key(), value);
        } catch (UnknownRecordTypeException e) {
            return;
        }
        ApiMessageAndVersion message = decoded.value();
        if (decoded.key() instanceof ShareSnapshotKey key) {
            SharePartitionId id = new SharePartitionId(key.groupId(), key.topicId(), key.partition());
            if (message == null) {
                states.remove(id);
            } else {
                states.put(id, state((ShareSnapshotValue) message.message()));
            }
        } else if (decoded.key() instanceof ShareUpdateKey key && message != null) {
            StoredState state = states.get(new SharePartitionId(key.groupId(), key.topicId(), key.partition()));
            if (state != null) {
                update(state, (ShareUpdateValue) message.message());
            }
        }
    }

    private static StoredState state(ShareSnapshotValue value) {
        StoredState state = new StoredState(value.stateEpoch(), value.snapshotEpoch(), value.startOffset(),
                value.deliveryCompleteCount());
        state.apply(value.startOffset(), value.deliveryCompleteCount(), value.stateBatches().stream()
                .map(each -> new StateChange(each.firstOffset(), each.lastOffset(),
                        StateChange.Kind.of(each.deliveryState()), each.deliveryCount()))
                .toList());
        return state;
    }

    private static void update(StoredState state, ShareUpdateValue value) {
        state.apply(value.startOffset(), value.deliveryCompleteCount(), value.stateBatches().stream()
                .map(each -> new StateChange(each.firstOffset(), each.lastOffset(),
                        StateChange.Kind.of(each.deliveryState()), each.deliveryCount()))
                .toList());
    }
}
