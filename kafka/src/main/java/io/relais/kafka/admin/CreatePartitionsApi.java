// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.HashSet;
import java.util.Set;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.resource.ResourceType;

/** CreatePartitions: a topic grows, and never shrinks. */
public final class CreatePartitionsApi {
    private final KafkaContext context;

    public CreatePartitionsApi(KafkaContext context) {
        this.context = context;
    }

    public void handle(Request request) {
        CreatePartitionsRequestData data = request.data(CreatePartitionsRequestData.class);
        CreatePartitionsResponseData response = new CreatePartitionsResponseData();
        Set<String> names = new HashSet<>();
        Set<String> twice = new HashSet<>();
        data.topics().forEach(topic -> {
            if (!names.add(topic.name())) {
                twice.add(topic.name());
            }
        });
        for (CreatePartitionsTopic topic : data.topics()) {
            if (names.remove(topic.name())) {
                ApiError error = twice.contains(topic.name())
                        ? new ApiError(Errors.INVALID_REQUEST, "Duplicate topic name.")
                        : grow(request, topic, data.validateOnly());
                response.results().add(new CreatePartitionsTopicResult().setName(topic.name())
                        .setErrorCode(error.error().code()).setErrorMessage(error.message()));
            }
        }
        Answers.whenDurable(context, request, response);
    }

    private ApiError grow(Request request, CreatePartitionsTopic wanted, boolean validateOnly) {
        if (!context.access().allowed(request, AclOperation.ALTER, ResourceType.TOPIC, wanted.name())) {
            return new ApiError(Errors.TOPIC_AUTHORIZATION_FAILED);
        }
        Topic topic = context.topics().byName(wanted.name());
        if (topic == null) {
            return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        try {
            int additional = check(topic, wanted);
            if (context.quotas().mutateController(request, additional, validateOnly) > 0) {
                return new ApiError(Errors.THROTTLING_QUOTA_EXCEEDED);
            }
        } catch (ApiException e) {
            return ApiError.fromThrowable(e);
        }
        if (!validateOnly) {
            context.topics().grow(topic, wanted.count());
        }
        return ApiError.NONE;
    }

    private int check(Topic topic, CreatePartitionsTopic wanted) {
        int before = topic.partitions().size();
        if (wanted.count() == before) {
            throw Errors.INVALID_PARTITIONS.exception("Topic already has " + before + " partition(s).");
        }
        if (wanted.count() < before) {
            throw Errors.INVALID_PARTITIONS.exception("The topic " + topic.name() + " currently has " + before
                    + " partition(s); " + wanted.count() + " would not be an increase.");
        }
        int additional = wanted.count() - before;
        if (context.topics().partitionCount() + (long) additional > CreateTopicsApi.PARTITIONS_MAX) {
            throw Errors.POLICY_VIOLATION.exception("There would be more than " + CreateTopicsApi.PARTITIONS_MAX
                    + " partitions on this broker.");
        }
        if (wanted.assignments() != null) {
            if (wanted.assignments().size() != additional) {
                throw new InvalidReplicaAssignmentException(
                        "Attempted to add " + additional + " additional partition(s), but only "
                                + wanted.assignments().size() + " assignment(s) were specified.");
            }
            wanted.assignments().forEach(each -> Assignments.check(each.brokerIds(), context.settings().nodeId()));
        }
        return additional;
    }
}
