// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.relais.kafka.topic.TopicConfig;
import io.relais.kafka.topic.Topics;
import io.relais.kafka.wire.ApiTable;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.Status;
import org.apache.kafka.common.message.StreamsGroupTopologyDescriptionUpdateRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatResponse;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.coordinator.group.streams.StreamsGroupHeartbeatResult;
import org.jspecify.annotations.Nullable;

/** Members of streams groups (KIP-1071). The topics that a topology needs for itself are created here, as the coordinator asks for them. */
final class StreamsGroupApi {
    /** A topology of more is refused: each partition is a log. */
    private static final int PARTITIONS_MAX = 10_000;

    private final GroupCalls calls;

    StreamsGroupApi(GroupCalls calls) {
        this.calls = calls;
    }

    void register(ApiTable apis) {
        apis.on(ApiKeys.STREAMS_GROUP_HEARTBEAT, this::heartbeat);
        apis.on(ApiKeys.STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE, this::describe);
    }

    private void describe(Request request) {
        StreamsGroupTopologyDescriptionUpdateRequestData data = request
                .data(StreamsGroupTopologyDescriptionUpdateRequestData.class);
        calls.answer(request, AclOperation.READ, data.groupId(),
                (coordinator, source) -> coordinator.streamsGroupTopologyDescriptionUpdate(source, data));
    }

    private void heartbeat(Request request) {
        StreamsGroupHeartbeatRequestData data = request.data(StreamsGroupHeartbeatRequestData.class);
        if (!calls.allows(request, AclOperation.READ, data.groupId())) {
            request.fail(Errors.GROUP_AUTHORIZATION_FAILED);
            return;
        }
        if (data.topology() != null) {
            List<String> topics = data.topology().subtopologies().stream().flatMap(StreamsGroupApi::topics).distinct()
                    .toList();
            String wrong = wrong(topics);
            if (wrong != null) {
                request.fail(Errors.STREAMS_INVALID_TOPOLOGY, wrong);
                return;
            }
            if (!topics.stream()
                    .allMatch(topic -> calls.host().access().allowsTopic(request, AclOperation.DESCRIBE, topic))) {
                request.fail(Errors.TOPIC_AUTHORIZATION_FAILED);
                return;
            }
        }
        calls.ask(request, (coordinator, source) -> coordinator.streamsGroupHeartbeat(source, data),
                result -> answer(request, result));
    }

    private static Stream<String> topics(Subtopology each) {
        return Stream
                .of(each.sourceTopics().stream(), each.repartitionSinkTopics().stream(),
                        each.repartitionSourceTopics().stream().map(StreamsGroupHeartbeatRequestData.TopicInfo::name),
                        each.stateChangelogTopics().stream().map(StreamsGroupHeartbeatRequestData.TopicInfo::name))
                .flatMap(names -> names);
    }

    private static @Nullable String wrong(List<String> topics) {
        String internal = topics.stream().filter(Topic::isInternal).collect(Collectors.joining(","));
        if (!internal.isEmpty()) {
            return "Use of Kafka internal topics " + internal + " in a Kafka Streams topology is prohibited.";
        }
        String invalid = topics.stream().filter(topic -> !Topic.isValid(topic)).collect(Collectors.joining(","));
        return invalid.isEmpty() ? null : "Internal topic names " + invalid + " are not valid topic names.";
    }

    private void answer(Request request, StreamsGroupHeartbeatResult result) {
        StreamsGroupHeartbeatResponseData response = result.data();
        Map<String, CreatableTopic> wanted = result.creatableTopics();
        if (wanted.isEmpty()) {
            request.respond(response);
            return;
        }
        String refused = wanted.keySet().stream().filter(topic -> !mayCreate(request, topic))
                .collect(Collectors.joining(", "));
        if (!refused.isEmpty()) {
            missing(response, "Unauthorized to CREATE on topics " + refused + ".");
            request.respond(response);
            return;
        }
        List<String> failed = new ArrayList<>();
        wanted.values().forEach(topic -> create(topic, failed));
        if (!failed.isEmpty()) {
            missing(response, String.join("; ", failed));
        }
        request.respond(response);
    }

    private boolean mayCreate(Request request, String topic) {
        return calls.host().access().allows(request, AclOperation.CREATE, ResourceType.CLUSTER, Resource.CLUSTER_NAME)
                || calls.host().access().allowsTopic(request, AclOperation.CREATE, topic);
    }

    private static void missing(StreamsGroupHeartbeatResponseData response, String why) {
        List<Status> all = new ArrayList<>(response.status() == null ? List.of() : response.status());
        for (Status each : all) {
            if (each.statusCode() == StreamsGroupHeartbeatResponse.Status.MISSING_INTERNAL_TOPICS.code()) {
                each.setStatusDetail(each.statusDetail() + "; " + why);
                return;
            }
        }
        all.add(new Status().setStatusCode(StreamsGroupHeartbeatResponse.Status.MISSING_INTERNAL_TOPICS.code())
                .setStatusDetail(why));
        response.setStatus(all);
    }

    /** The next heartbeat finds them: nobody waits here. */
    private void create(CreatableTopic wanted, List<String> failed) {
        Topics topics = calls.host().context().topics();
        if (topics.byName(wanted.name()) != null) {
            return; // by another member
        }
        Map<String, String> configs = new HashMap<>();
        wanted.configs().forEach(config -> configs.put(config.name(), config.value()));
        int partitions = wanted.numPartitions() > 0
                ? wanted.numPartitions()
                : calls.host().context().settings().partitions();
        if (partitions > PARTITIONS_MAX) {
            failed.add("topic " + wanted.name() + " cannot be created: " + partitions + " partitions");
            return;
        }
        try {
            Topic.validate(wanted.name());
            topics.create(wanted.name(), partitions, TopicConfig.of(configs));
        } catch (InvalidConfigurationException | ConfigException e) {
            failed.add("topic " + wanted.name() + " cannot be created: " + e.getMessage());
        }
    }
}
