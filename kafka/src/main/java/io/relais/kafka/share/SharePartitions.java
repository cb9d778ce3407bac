// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.relais.broker.runtime.Owner;
import io.relais.kafka.partition.Partition;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.TopicListener;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** All share partitions that somebody consumes from. Thread: the owner. */
final class SharePartitions implements TopicListener {
    private final Map<SharePartitionId, SharePartition> all = new HashMap<>();
    private final Predicate<String> used;
    private final StateStore store;
    private final SharePartition.Parts parts;

    /** @param used whether a group has sessions */
    SharePartitions(Owner owner, ShareConfig config, StateStore store, DeadLetterQueue deadLetters,
            Predicate<String> used) {
        this.used = used;
        this.store = store;
        this.parts = new SharePartition.Parts(owner, config, store, deadLetters, this);
        store.onReset(id -> fail(id, Errors.NOT_LEADER_OR_FOLLOWER));
    }

    /** Null where nobody consumed from it since the start. */
    @Nullable
    SharePartition find(SharePartitionId id) {
        return all.get(id);
    }

    SharePartition get(SharePartitionId id, Partition partition) {
        return all.computeIfAbsent(id, wanted -> new SharePartition(wanted, partition, parts));
    }

    void remove(SharePartition gone) {
        all.remove(gone.id(), gone);
    }

    boolean isUsed(String groupId) {
        return used.test(groupId);
    }

    /** A member's session ended: what it has is available again. */
    void releaseAll(String groupId, String memberId) {
        of(id -> id.groupId().equals(groupId)).forEach(each -> each.releaseAll(memberId));
    }

    /** The last session of a group ended: its share partitions go when all is durable. */
    void retire(String groupId) {
        of(id -> id.groupId().equals(groupId)).forEach(SharePartition::retire);
    }

    private List<SharePartition> of(Predicate<SharePartitionId> which) {
        return all.values().stream().filter(each -> which.test(each.id())).toList();
    }

    private void fail(SharePartitionId id, Errors why) {
        SharePartition found = all.get(id);
        if (found != null) {
            found.fail(why);
        }
    }

    @Override
    public void created(Topic topic) {}

    @Override
    public void grown(Topic topic, int before) {}

    @Override
    public void configured(Topic topic) {}

    @Override
    public void deleted(Topic topic) {
        of(id -> id.topicId().equals(topic.id())).forEach(each -> each.fail(Errors.UNKNOWN_TOPIC_OR_PARTITION));
        store.deleteTopic(topic.id());
    }
}
