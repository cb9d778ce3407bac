// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.List;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** ElectLeaders (KIP-460): one node leads everything already. */
public final class ElectLeadersApi {
    private final KafkaContext context;

    public ElectLeadersApi(KafkaContext context) {
        this.context = context;
    }

    public void handle(Request request) {
        if (!context.access().allowedOnCluster(request, AclOperation.ALTER)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        ElectLeadersRequestData data = request.data(ElectLeadersRequestData.class);
        ElectLeadersResponseData response = new ElectLeadersResponseData();
        if (data.topicPartitions() == null) { // all of them: those that have their leader are left out of the answer
            context.topics().all().forEach(topic -> response.replicaElectionResults()
                    .add(new ReplicaElectionResult().setTopic(topic.name()).setPartitionResult(List.of())));
        } else {
            data.topicPartitions().forEach(topic -> {
                ReplicaElectionResult result = new ReplicaElectionResult().setTopic(topic.topic());
                topic.partitions().forEach(index -> result.partitionResult().add(elect(topic.topic(), index)));
                response.replicaElectionResults().add(result);
            });
        }
        request.respond(response);
    }

    private PartitionResult elect(String name, int index) {
        Topic topic = context.topics().byName(name);
        ApiError error;
        if (topic == null) {
            error = new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION, "No such topic as " + name);
        } else if (topic.partition(index) == null) {
            error = new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION, "No such partition as " + name + "-" + index);
        } else {
            error = new ApiError(Errors.ELECTION_NOT_NEEDED);
        }
        return new PartitionResult().setPartitionId(index).setErrorCode(error.error().code())
                .setErrorMessage(error.message());
    }
}
