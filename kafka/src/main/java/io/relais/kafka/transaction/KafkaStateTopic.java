// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import static org.apache.kafka.common.internals.Topic.TRANSACTION_STATE_TOPIC_NAME;

import java.util.List;
import java.util.Map;

import io.relais.broker.runtime.Owner;
import io.relais.broker.store.DurabilityListener;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.TopicConfig;
import io.relais.kafka.topic.Topics;
import org.apache.kafka.common.protocol.Errors;

/** The topic {@code __transaction_state}: compacted, not compressed. Thread: the owner. */
final class KafkaStateTopic implements TransactionCoordinator.StateTopic {
    private final Topics topics;
    private final int segmentBytes;
    private final Owner owner;

    KafkaStateTopic(Topics topics, int segmentBytes, Owner owner) {
        this.topics = topics;
        this.segmentBytes = segmentBytes;
        this.owner = owner;
    }

    @Override
    public List<StateLog> existing() {
        Topic topic = topics.byName(TRANSACTION_STATE_TOPIC_NAME);
        return topic == null
                ? List.of()
                : topic.partitions().stream()
                        .<StateLog>map(partition -> new PartitionStateLog(partition, owner)).toList();
    }

    @Override
    public void create(int partitions, ErrorListener done) {
        if (topics.byName(TRANSACTION_STATE_TOPIC_NAME) == null) {
            topics.create(TRANSACTION_STATE_TOPIC_NAME, partitions,
                    TopicConfig.of(Map.of("cleanup.policy", "compact", "compression.type", "uncompressed",
                            "segment.bytes", Integer.toString(segmentBytes))));
        }
        topics.whenDurable(new DurabilityListener() {
            @Override
            public void durable() {
                done.done(topics.byName(TRANSACTION_STATE_TOPIC_NAME) == null
                        ? Errors.COORDINATOR_NOT_AVAILABLE // deleted meanwhile
                        : Errors.NONE);
            }

            @Override
            public void failed(String why) {
                done.done(Errors.COORDINATOR_NOT_AVAILABLE);
            }
        });
    }
}
