// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.TopicConfig;
import io.relais.kafka.topic.Topics;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.resource.ResourceType;

/**
 * CreateTopics. Every topic is answered for itself. There is one node, so that a topic has one replica.
 *
 * <p>Bounds: {@value #PARTITIONS_MAX} partitions of all topics together, and Kafka's {@value #PARTITIONS_PER_REQUEST_MAX} in one request.
 */
public final class CreateTopicsApi {
    static final int PARTITIONS_MAX = 100_000;
    static final int PARTITIONS_PER_REQUEST_MAX = 10_000;

    private final KafkaContext context;
    private final ConfigEntries entries;

    public CreateTopicsApi(KafkaContext context, ConfigEntries entries) {
        this.context = context;
        this.entries = entries;
    }

    public void handle(Request request) {
        CreateTopicsRequestData data = request.data(CreateTopicsRequestData.class);
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        Map<String, Long> counts = data.topics().stream()
                .collect(Collectors.groupingBy(CreatableTopic::name, Collectors.counting()));
        if (data.topics().stream().mapToLong(this::wantedPartitions).sum() > PARTITIONS_PER_REQUEST_MAX) {
            request.fail(Errors.POLICY_VIOLATION, "Excessively large number of partitions per request.");
            return;
        }
        Set<String> answered = new HashSet<>();
        for (CreatableTopic topic : data.topics()) {
            if (answered.add(topic.name())) {
                response.topics().add(counts.getOrDefault(topic.name(), 1L) > 1
                        ? refusal(topic.name(), new ApiError(Errors.INVALID_REQUEST, "Duplicate topic name."))
                        : create(request, topic, data.validateOnly()));
            }
        }
        Answers.whenDurable(context, request, response);
    }

    private long wantedPartitions(CreatableTopic topic) {
        return topic.assignments().isEmpty()
                ? topic.numPartitions() == -1 ? context.settings().partitions() : Math.max(0, topic.numPartitions())
                : topic.assignments().size();
    }

    private CreatableTopicResult create(Request request, CreatableTopic wanted, boolean validateOnly) {
        if (!context.access().allowedOnCluster(request, AclOperation.CREATE)
                && !context.access().allowed(request, AclOperation.CREATE, ResourceType.TOPIC, wanted.name())) {
            return refusal(wanted.name(), new ApiError(Errors.TOPIC_AUTHORIZATION_FAILED, "Authorization failed."));
        }
        try {
            checkName(context.topics(), wanted.name());
            TopicConfig config = context.topics().configOf(configs(wanted));
            int partitions = partitions(wanted);
            if (context.topics().partitionCount() + partitions > PARTITIONS_MAX) {
                return refusal(wanted.name(), new ApiError(Errors.POLICY_VIOLATION,
                        "There would be more than " + PARTITIONS_MAX + " partitions on this broker."));
            }
            long throttleMs = context.quotas().mutateController(request, partitions, validateOnly);
            if (throttleMs > 0) {
                return refusal(wanted.name(), new ApiError(Errors.THROTTLING_QUOTA_EXCEEDED));
            }
            Uuid id = validateOnly
                    ? Uuid.ZERO_UUID
                    : context.topics().create(wanted.name(), partitions, config).id();
            return success(request, wanted.name(), id, partitions, config);
        } catch (ConfigException e) {
            return refusal(wanted.name(), new ApiError(Errors.INVALID_CONFIG, e.getMessage()));
        } catch (ApiException e) {
            return refusal(wanted.name(), ApiError.fromThrowable(e));
        }
    }

    /** @throws ApiException where no topic may have that name, or one has it */
    static void checkName(Topics topics, String name) {
        org.apache.kafka.common.internals.Topic.validate(name);
        if (topics.byName(name) != null) {
            throw Errors.TOPIC_ALREADY_EXISTS.exception("Topic '" + name + "' already exists.");
        }
        String colliding = topics.collidingWith(name);
        if (colliding != null) {
            throw new InvalidTopicException("Topic '" + name + "' collides with existing topic: " + colliding);
        }
    }

    private static Map<String, String> configs(CreatableTopic wanted) {
        Map<String, String> configs = new HashMap<>();
        List<String> absent = wanted.configs().stream().filter(each -> each.value() == null)
                .map(CreatableTopicConfig::name).toList();
        if (!absent.isEmpty()) {
            throw new ConfigException("Null value not supported for topic configs: " + String.join(",", absent));
        }
        wanted.configs().forEach(each -> configs.put(each.name(), each.value()));
        ConfigValues.checkSizes(configs);
        return configs;
    }

    private int partitions(CreatableTopic wanted) {
        if (!wanted.assignments().isEmpty()) {
            return assigned(wanted);
        }
        if (wanted.replicationFactor() < -1 || wanted.replicationFactor() == 0) {
            throw Errors.INVALID_REPLICATION_FACTOR
                    .exception("Replication factor must be larger than 0, or -1 to use the default value.");
        }
        if (wanted.numPartitions() < -1 || wanted.numPartitions() == 0) {
            throw Errors.INVALID_PARTITIONS.exception("Number of partitions was set to an invalid non-positive value.");
        }
        if (wanted.replicationFactor() > 1) {
            throw Errors.INVALID_REPLICATION_FACTOR.exception("Unable to replicate the partition "
                    + wanted.replicationFactor() + " time(s): The target replication factor of "
                    + wanted.replicationFactor() + " cannot be reached because only 1 broker(s) are registered.");
        }
        return wanted.numPartitions() == -1 ? context.settings().partitions() : wanted.numPartitions();
    }

    private int assigned(CreatableTopic wanted) {
        if (wanted.replicationFactor() != -1) {
            throw Errors.INVALID_REQUEST.exception(
                    "A manual partition assignment was specified, but replication factor was not set to -1.");
        }
        if (wanted.numPartitions() != -1) {
            throw Errors.INVALID_REQUEST
                    .exception("A manual partition assignment was specified, but numPartitions was not set to -1.");
        }
        Set<Integer> indexes = new HashSet<>();
        for (CreatableReplicaAssignment assignment : wanted.assignments()) {
            if (!indexes.add(assignment.partitionIndex())) {
                throw new InvalidReplicaAssignmentException("Found multiple manual partition assignments for partition "
                        + assignment.partitionIndex());
            }
            Assignments.check(assignment.brokerIds(), context.settings().nodeId());
        }
        for (int i = 0; i < indexes.size(); i++) {
            if (!indexes.contains(i)) {
                throw new InvalidReplicaAssignmentException(
                        "partitions should be a consecutive 0-based integer sequence");
            }
        }
        return indexes.size();
    }

    private CreatableTopicResult success(Request request, String name, Uuid id, int partitions, TopicConfig config) {
        CreatableTopicResult result = new CreatableTopicResult().setName(name).setTopicId(id);
        if (!context.access().visible(request, AclOperation.DESCRIBE_CONFIGS, ResourceType.TOPIC, name)) {
            return result.setTopicConfigErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
        }
        result.setNumPartitions(partitions).setReplicationFactor((short) 1);
        entries.ofTopic(config, false, false)
                .forEach(entry -> result.configs().add(new CreatableTopicConfigs().setName(entry.name())
                        .setValue(entry.value()).setReadOnly(entry.readOnly()).setConfigSource(entry.configSource())
                        .setIsSensitive(entry.isSensitive())));
        return result;
    }

    private static CreatableTopicResult refusal(String name, ApiError error) {
        return new CreatableTopicResult().setName(name).setErrorCode(error.error().code())
                .setErrorMessage(error.message());
    }

    /**
     * Creates a topic that somebody used before it was there, where that is allowed.
     *
     * @return the topic
     * @throws ApiException where it cannot be
     */
    static Topic createOnFirstUse(KafkaContext context, String name) {
        checkName(context.topics(), name);
        if (context.topics().partitionCount() + context.settings().partitions() > PARTITIONS_MAX) {
            throw Errors.POLICY_VIOLATION.exception();
        }
        return context.topics().create(name, context.settings().partitions(), context.topics().configOf(Map.of()));
    }
}
