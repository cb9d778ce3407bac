// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.relais.broker.runtime.Owner;
import io.relais.kafka.partition.Partition;
import io.relais.kafka.topic.Topics;
import io.relais.log.RetainedLog;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.util.PartitionMetadataClient;

/** Where partitions end: what share groups compute their lag from. Thread: any. */
final class LatestOffsets implements PartitionMetadataClient {
    private final Owner owner;
    private final Topics topics;

    LatestOffsets(Owner owner, Topics topics) {
        this.owner = owner;
        this.topics = topics;
    }

    @Override
    public Map<TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(Set<TopicPartition> partitions) {
        Map<TopicPartition, CompletableFuture<OffsetResponse>> answers = new HashMap<>();
        partitions.forEach(each -> answers.put(each, new CompletableFuture<>()));
        owner.execute(() -> answers.forEach(this::find));
        return answers;
    }

    private void find(TopicPartition name, CompletableFuture<OffsetResponse> answer) {
        Partition partition = topics.partition(name.topic(), name.partition());
        if (partition == null) {
            answer.complete(new OffsetResponse(-1, Errors.UNKNOWN_TOPIC_OR_PARTITION));
            return;
        }
        partition.whenOpen(new Partition.OpenListener() {
            @Override
            public void opened(RetainedLog log) {
                answer.complete(new OffsetResponse(partition.highWatermark(), Errors.NONE));
            }

            @Override
            public void failed(Errors why) {
                answer.complete(new OffsetResponse(-1, why));
            }
        });
    }

    @Override
    public void close() {}
}
