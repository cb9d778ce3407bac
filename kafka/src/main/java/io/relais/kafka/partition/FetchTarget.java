// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.Topics;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.jspecify.annotations.Nullable;

/**
 * A partition that a client fetches, from where, and, in a session, what it was told last. Immutable but for what it was told and for the partition that it leads to.
 *
 * <p>Thread: the owner.
 */
final class FetchTarget {
    /** No value was told, or an error. */
    static final long UNTOLD = -1;

    private final Key key;
    private final long offset;
    private final int maxBytes;
    private final int leaderEpoch;
    private long toldHighWatermark = UNTOLD;
    private long toldLogStartOffset = UNTOLD;
    private @Nullable Partition partition;

    /** Which partition. One of topic and id is as the client says; from version 13 on it is the id. */
    record Key(String topic, Uuid topicId, int partition) {
        static Key of(FetchTopic topic, int partition) {
            return new Key(topic.topic() == null ? "" : topic.topic(), topic.topicId(), partition);
        }

        boolean isById() {
            return !topicId.equals(Uuid.ZERO_UUID);
        }
    }

    FetchTarget(FetchTopic topic, FetchPartition wanted) {
        this.key = Key.of(topic, wanted.partition());
        this.offset = wanted.fetchOffset();
        this.maxBytes = Math.max(0, wanted.partitionMaxBytes());
        this.leaderEpoch = wanted.currentLeaderEpoch();
    }

    Key key() {
        return key;
    }

    /** From which offset. */
    long offset() {
        return offset;
    }

    int maxBytes() {
        return maxBytes;
    }

    /** Which leader epoch the client believes in; -1 for any. */
    int leaderEpoch() {
        return leaderEpoch;
    }

    long toldHighWatermark() {
        return toldHighWatermark;
    }

    long toldLogStartOffset() {
        return toldLogStartOffset;
    }

    void told(long highWatermark, long logStartOffset) {
        toldHighWatermark = highWatermark;
        toldLogStartOffset = logStartOffset;
    }

    /** Takes over what was told for the same partition before. */
    FetchTarget after(@Nullable FetchTarget before) {
        if (before != null) {
            toldHighWatermark = before.toldHighWatermark;
            toldLogStartOffset = before.toldLogStartOffset;
        }
        return this;
    }

    /** The partition; null where there is none. */
    @Nullable
    Partition resolve(Topics topics) {
        Partition known = partition;
        if (known == null || known.isDeleted()) {
            Topic topic = topic(topics);
            known = topic == null ? null : topic.partition(key.partition());
            partition = known;
        }
        return known;
    }

    @Nullable
    Topic topic(Topics topics) {
        return key.isById() ? topics.byId(key.topicId()) : topics.byName(key.topic());
    }
}
