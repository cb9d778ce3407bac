// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** AlterPartitionReassignments and ListPartitionReassignments (KIP-455): on one node every partition is where it can be, so that a move to there is done at once, and none is ever under way. */
public final class ReassignmentsApi {
    private final KafkaContext context;

    public ReassignmentsApi(KafkaContext context) {
        this.context = context;
    }

    public void alter(Request request) {
        if (!context.access().allowedOnCluster(request, AclOperation.ALTER)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        AlterPartitionReassignmentsRequestData data = request.data(AlterPartitionReassignmentsRequestData.class);
        AlterPartitionReassignmentsResponseData response = new AlterPartitionReassignmentsResponseData()
                .setAllowReplicationFactorChange(data.allowReplicationFactorChange());
        data.topics().forEach(topic -> {
            ReassignableTopicResponse result = new ReassignableTopicResponse().setName(topic.name());
            topic.partitions().forEach(partition -> {
                ApiError error = move(topic.name(), partition);
                result.partitions()
                        .add(new ReassignablePartitionResponse().setPartitionIndex(partition.partitionIndex())
                                .setErrorCode(error.error().code()).setErrorMessage(error.message()));
            });
            response.responses().add(result);
        });
        request.respond(response);
    }

    private ApiError move(String name, ReassignablePartition wanted) {
        Topic topic = context.topics().byName(name);
        if (topic == null) {
            return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION, "Unable to find a topic named " + name + ".");
        }
        if (topic.partition(wanted.partitionIndex()) == null) {
            return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION,
                    "Unable to find partition " + name + ":" + wanted.partitionIndex() + ".");
        }
        if (wanted.replicas() == null) {
            return new ApiError(Errors.NO_REASSIGNMENT_IN_PROGRESS);
        }
        try {
            Assignments.check(wanted.replicas(), context.settings().nodeId());
            return ApiError.NONE;
        } catch (InvalidReplicaAssignmentException e) {
            return ApiError.fromThrowable(e);
        }
    }

    public void list(Request request) {
        if (!context.access().allowedOnCluster(request, AclOperation.DESCRIBE)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        request.respond(new ListPartitionReassignmentsResponseData());
    }
}
