// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;

/**
 * What a client fetches again and again (KIP-227): it tells only what changes, and hears only of partitions where something did.
 *
 * <p>Thread: the owner. Memory: about 150 bytes for each partition.
 */
final class FetchSession {
    private final int id;
    private final boolean byTopicId;
    private final Map<FetchTarget.Key, FetchTarget> targets = new LinkedHashMap<>();
    private int epoch = 1;
    private long lastUsedMs;

    FetchSession(int id, boolean byTopicId, Collection<FetchTarget> first, long nowMs) {
        this.id = id;
        this.byTopicId = byTopicId;
        this.lastUsedMs = nowMs;
        first.forEach(target -> targets.put(target.key(), target));
    }

    int id() {
        return id;
    }

    /** Whether its requests name topics by their id: all do, or none. */
    boolean isByTopicId() {
        return byTopicId;
    }

    /** The epoch of the next request. */
    int epoch() {
        return epoch;
    }

    long lastUsedMs() {
        return lastUsedMs;
    }

    int size() {
        return targets.size();
    }

    /** What is to be read now, those first that had nothing for longest. */
    List<FetchTarget> targets() {
        return new ArrayList<>(targets.values());
    }

    /** Takes what a request changes. */
    void update(FetchRequestData request, long nowMs) {
        lastUsedMs = nowMs;
        epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
        for (FetchTopic topic : request.topics()) {
            topic.partitions().forEach(wanted -> {
                FetchTarget target = new FetchTarget(topic, wanted);
                targets.put(target.key(), target.after(targets.get(target.key())));
            });
        }
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            FetchTopic named = new FetchTopic().setTopic(topic.topic()).setTopicId(topic.topicId());
            topic.partitions().forEach(partition -> targets.remove(FetchTarget.Key.of(named, partition)));
        }
    }

    /** It was answered with records: others come first the next time. */
    void served(FetchTarget target) {
        if (targets.remove(target.key(), target)) {
            targets.put(target.key(), target);
        }
    }
}
