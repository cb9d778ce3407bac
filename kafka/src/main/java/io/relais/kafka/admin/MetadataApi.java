// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.List;

import io.relais.broker.store.DurabilityListener;
import io.relais.kafka.KafkaContext;
import io.relais.kafka.KafkaListener.Advertised;
import io.relais.kafka.partition.Partition;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.TopicConfig;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/** Metadata: the broker, and topics with their partitions; creates topics on first use where that is allowed. */
public final class MetadataApi {
    private final KafkaContext context;

    public MetadataApi(KafkaContext context) {
        this.context = context;
    }

    public void handle(Request request) {
        MetadataRequestData data = request.data(MetadataRequestData.class);
        Advertised here = context.endpoints().of(request);
        MetadataResponseData response = new MetadataResponseData().setClusterId(context.clusterId())
                .setControllerId(context.settings().nodeId());
        response.brokers().add(new MetadataResponseBroker().setNodeId(context.settings().nodeId())
                .setHost(here.host()).setPort(here.port()));
        List<MetadataRequestTopic> wanted = data.topics();
        if (wanted == null || (wanted.isEmpty() && request.version() == 0)) {
            context.topics().all().forEach(topic -> response.topics().add(describe(topic)));
        } else {
            wanted.forEach(each -> response.topics().add(find(each, data.allowAutoTopicCreation())));
        }
        context.topics().whenDurable(new DurabilityListener() {
            @Override
            public void durable() {
                request.respond(response);
            }

            @Override
            public void failed(String why) {
                request.fail(Errors.KAFKA_STORAGE_ERROR, why);
            }
        });
    }

    private MetadataResponseTopic find(MetadataRequestTopic wanted, boolean mayCreate) {
        if (wanted.name() == null || !wanted.topicId().equals(Uuid.ZERO_UUID)) {
            Topic topic = context.topics().byId(wanted.topicId());
            return topic != null
                    ? describe(topic)
                    : new MetadataResponseTopic().setTopicId(wanted.topicId()).setName(null)
                            .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code());
        }
        Topic topic = context.topics().byName(wanted.name());
        if (topic == null && mayCreate && context.settings().autoCreate()) {
            try {
                org.apache.kafka.common.internals.Topic.validate(wanted.name());
            } catch (InvalidTopicException e) {
                return new MetadataResponseTopic().setName(wanted.name())
                        .setErrorCode(Errors.INVALID_TOPIC_EXCEPTION.code());
            }
            topic = context.topics().create(wanted.name(), context.settings().partitions(),
                    TopicConfig.of(java.util.Map.of()));
        }
        return topic != null
                ? describe(topic)
                : new MetadataResponseTopic().setName(wanted.name())
                        .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    private MetadataResponseTopic describe(Topic topic) {
        MetadataResponseTopic answer = new MetadataResponseTopic().setName(topic.name()).setTopicId(topic.id())
                .setIsInternal(topic.isInternal());
        List<Integer> here = List.of(context.settings().nodeId());
        for (Partition partition : topic.partitions()) {
            answer.partitions().add(new MetadataResponsePartition().setPartitionIndex(partition.index())
                    .setLeaderId(context.settings().nodeId()).setLeaderEpoch(partition.leaderEpoch())
                    .setReplicaNodes(here).setIsrNodes(here));
        }
        return answer;
    }
}
