// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.KafkaListener.Advertised;
import io.relais.kafka.partition.Partition;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * Metadata: the broker, and topics with their partitions; creates topics on first use where that is allowed. Topics that a client may not describe are not told from those that do not exist.
 */
public final class MetadataApi {
    private static final short WITH_IDS_IN_REQUESTS = 12;
    private static final short CLUSTER_OPERATIONS_FIRST = 8;
    private static final short CLUSTER_OPERATIONS_LAST = 10;

    private final KafkaContext context;

    public MetadataApi(KafkaContext context) {
        this.context = context;
    }

    public void handle(Request request) {
        MetadataRequestData data = request.data(MetadataRequestData.class);
        List<MetadataRequestTopic> wanted = data.topics();
        boolean all = wanted == null || (wanted.isEmpty() && request.version() == 0);
        if (!all && request.version() < WITH_IDS_IN_REQUESTS
                && wanted.stream().anyMatch(each -> each.name() == null || !each.topicId().equals(Uuid.ZERO_UUID))) {
            request.fail(Errors.INVALID_REQUEST,
                    "Topics are asked for by name in version " + request.version() + ", and not by id");
            return;
        }
        Advertised here = context.endpoints().of(request);
        MetadataResponseData response = new MetadataResponseData().setClusterId(context.clusterId())
                .setControllerId(context.settings().nodeId());
        response.brokers().add(new MetadataResponseBroker().setNodeId(context.settings().nodeId())
                .setHost(here.host()).setPort(here.port()));
        if (all) {
            context.topics().all().stream().filter(topic -> visible(request, topic.name()))
                    .forEach(topic -> response.topics().add(describe(topic)));
        } else {
            find(request, data, response);
        }
        addOperations(request, data, response);
        Answers.whenDurable(context, request, response);
    }

    private void find(Request request, MetadataRequestData data, MetadataResponseData response) {
        Set<Uuid> ids = new LinkedHashSet<>();
        Set<String> names = new LinkedHashSet<>();
        data.topics().forEach(each -> {
            if (!each.topicId().equals(Uuid.ZERO_UUID)) {
                ids.add(each.topicId());
            } else if (each.name() != null) {
                names.add(each.name());
            }
        });
        ids.forEach(id -> response.topics().add(byId(request, id)));
        if (ids.isEmpty()) {
            names.forEach(name -> response.topics().add(byName(request, name, data.allowAutoTopicCreation())));
        }
    }

    private MetadataResponseTopic byId(Request request, Uuid id) {
        Topic topic = context.topics().byId(id);
        if (topic == null) {
            return refusal(null, Errors.UNKNOWN_TOPIC_ID).setTopicId(id);
        }
        return context.access().allowed(request, AclOperation.DESCRIBE, ResourceType.TOPIC, topic.name())
                ? describe(topic)
                : refusal(null, Errors.TOPIC_AUTHORIZATION_FAILED).setTopicId(id);
    }

    private MetadataResponseTopic byName(Request request, String name, boolean mayCreate) {
        if (!context.access().allowed(request, AclOperation.DESCRIBE, ResourceType.TOPIC, name)) {
            return refusal(name, Errors.TOPIC_AUTHORIZATION_FAILED);
        }
        Topic topic = context.topics().byName(name);
        if (topic != null) {
            return describe(topic);
        }
        if (!mayCreate || !context.settings().autoCreate() || isInternal(name)) {
            return refusal(name, isName(name) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION);
        }
        if (!context.access().allowedOnCluster(request, AclOperation.CREATE)
                && !context.access().allowed(request, AclOperation.CREATE, ResourceType.TOPIC, name)) {
            return refusal(name, Errors.TOPIC_AUTHORIZATION_FAILED);
        }
        try {
            return describe(CreateTopicsApi.createOnFirstUse(context, name));
        } catch (ApiException e) {
            return refusal(name, Errors.forException(e));
        }
    }

    /** Topics of the broker itself come to be when they are needed, as their coordinators want them. */
    private static boolean isInternal(String name) {
        return org.apache.kafka.common.internals.Topic.isInternal(name);
    }

    private static boolean isName(String name) {
        try {
            org.apache.kafka.common.internals.Topic.validate(name);
            return true;
        } catch (InvalidTopicException _) {
            return false;
        }
    }

    private boolean visible(Request request, String topic) {
        return context.access().visible(request, AclOperation.DESCRIBE, ResourceType.TOPIC, topic);
    }

    private static MetadataResponseTopic refusal(@Nullable String name, Errors error) {
        return new MetadataResponseTopic().setName(name).setErrorCode(error.code())
                .setIsInternal(name != null && org.apache.kafka.common.internals.Topic.isInternal(name));
    }

    private MetadataResponseTopic describe(Topic topic) {
        MetadataResponseTopic answer = new MetadataResponseTopic().setName(topic.name()).setTopicId(topic.id())
                .setIsInternal(topic.isInternal());
        List<Integer> here = List.of(context.settings().nodeId());
        for (Partition partition : topic.partitions()) {
            answer.partitions().add(new MetadataResponsePartition().setPartitionIndex(partition.index())
                    .setLeaderId(context.settings().nodeId()).setLeaderEpoch(partition.leaderEpoch())
                    .setReplicaNodes(here).setIsrNodes(here).setOfflineReplicas(List.of()));
        }
        return answer;
    }

    /** KIP-430: what the client may do with each, where it asks. */
    private void addOperations(Request request, MetadataRequestData data, MetadataResponseData response) {
        if (data.includeClusterAuthorizedOperations() && request.version() >= CLUSTER_OPERATIONS_FIRST
                && request.version() <= CLUSTER_OPERATIONS_LAST) {
            response.setClusterAuthorizedOperations(
                    context.access().allowedOnCluster(request, AclOperation.DESCRIBE)
                            ? context.access().operations(request, ResourceType.CLUSTER, Resource.CLUSTER_NAME)
                            : 0);
        }
        if (data.includeTopicAuthorizedOperations()) {
            response.topics().stream().filter(topic -> topic.errorCode() == Errors.NONE.code())
                    .forEach(topic -> topic.setTopicAuthorizedOperations(
                            context.access().operations(request, ResourceType.TOPIC, topic.name())));
        }
    }
}
