// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.relais.broker.store.DurabilityListener;
import io.relais.kafka.partition.Partition;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.TopicConfig;
import io.relais.kafka.topic.Topics;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;

/** {@code __consumer_offsets}: the compacted topic that holds groups and offsets. Created when it is first needed. Thread: the owner. */
final class OffsetsTopic {
    static final String NAME = org.apache.kafka.common.internals.Topic.GROUP_METADATA_TOPIC_NAME;

    private final Topics topics;
    private final GroupSettings settings;

    OffsetsTopic(Topics topics, GroupSettings settings) {
        this.topics = topics;
        this.settings = settings;
    }

    boolean exists() {
        return topics.byName(NAME) != null;
    }

    /** How many partitions it has, or will have. */
    int partitions() {
        Topic topic = topics.byName(NAME);
        return topic == null ? settings.offsetsPartitions() : topic.partitions().size();
    }

    @Nullable
    Partition partition(int index) {
        return topics.partition(NAME, index);
    }

    /** Creates it where it is missing; completes with the number of its partitions once that is durable. */
    CompletionStage<Integer> ready() {
        Topic topic = topics.byName(NAME);
        if (topic == null) {
            topic = topics.create(NAME, settings.offsetsPartitions(), TopicConfig.of(configs()));
        }
        int partitions = topic.partitions().size();
        CompletableFuture<Integer> ready = new CompletableFuture<>();
        topics.whenDurable(new DurabilityListener() {
            @Override
            public void durable() {
                ready.complete(partitions);
            }

            @Override
            public void failed(String why) {
                ready.completeExceptionally(new KafkaStorageException(why));
            }
        });
        return ready;
    }

    /** As Kafka's broker creates it. */
    private Map<String, String> configs() {
        return Map.of("cleanup.policy", "compact", "compression.type", "producer", "segment.bytes",
                String.valueOf(settings.coordinator().offsetsTopicSegmentBytes()));
    }
}
