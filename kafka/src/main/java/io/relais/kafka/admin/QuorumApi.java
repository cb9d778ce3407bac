// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.List;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.KafkaListener.Advertised;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Listener;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Node;
import org.apache.kafka.common.message.DescribeQuorumResponseData.PartitionData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.message.DescribeQuorumResponseData.TopicData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeQuorum (KIP-595): one voter, which leads. The metadata are no log of records here, so that offsets in it are 0. UnregisterBroker is refused: the one broker there is runs.
 */
public final class QuorumApi {
    private static final String METADATA_TOPIC = "__cluster_metadata";

    private final KafkaContext context;

    public QuorumApi(KafkaContext context) {
        this.context = context;
    }

    public void describe(Request request) {
        if (!context.access().allowedOnCluster(request, AclOperation.DESCRIBE)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        DescribeQuorumResponseData response = new DescribeQuorumResponseData();
        request.data(DescribeQuorumRequestData.class).topics().forEach(topic -> {
            TopicData answer = new TopicData().setTopicName(topic.topicName());
            topic.partitions().forEach(
                    partition -> answer.partitions().add(partition(topic.topicName(), partition.partitionIndex())));
            response.topics().add(answer);
        });
        Advertised here = context.endpoints().of(request);
        Node node = new Node().setNodeId(context.settings().nodeId());
        node.listeners()
                .add(new Listener().setName("CONTROLLER").setHost(here.host()).setPort(Math.max(0, here.port())));
        response.nodes().add(node);
        request.respond(response);
    }

    private PartitionData partition(String topic, int index) {
        PartitionData answer = new PartitionData().setPartitionIndex(index);
        if (!topic.equals(METADATA_TOPIC) || index != 0) {
            return answer.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
        long nowMs = context.owner().clock().nowMs();
        ReplicaState voter = new ReplicaState().setReplicaId(context.settings().nodeId()).setLogEndOffset(0)
                .setLastFetchTimestamp(nowMs).setLastCaughtUpTimestamp(nowMs);
        return answer.setLeaderId(context.settings().nodeId()).setLeaderEpoch(1).setHighWatermark(0)
                .setCurrentVoters(List.of(voter)).setObservers(List.of());
    }

    public void unregister(Request request) {
        if (!context.access().allowedOnCluster(request, AclOperation.ALTER)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        int broker = request.data(UnregisterBrokerRequestData.class).brokerId();
        if (broker == context.settings().nodeId()) {
            request.fail(Errors.INVALID_REQUEST, "Broker " + broker + " is the only one, and runs.");
        } else {
            request.fail(Errors.BROKER_ID_NOT_REGISTERED, "Broker ID " + broker + " is not currently registered");
        }
    }
}
