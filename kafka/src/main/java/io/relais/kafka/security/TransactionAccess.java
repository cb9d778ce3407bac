// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.relais.kafka.wire.Request;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/** Whether the requests of producers about ids and transactions may go to their coordinator: they concern one transaction each, so that they may, or not, as a whole. Thread: the owner. */
public final class TransactionAccess {
    private static final short BATCHED = 4;

    private final Access access;

    public TransactionAccess(Access access) {
        this.access = access;
    }

    /** Whether a request may be handled, as far as this is asked. Where not, it was answered. */
    public boolean admits(Request request) {
        Errors refused = switch (request.key()) {
            case INIT_PRODUCER_ID -> init(request, request.data(InitProducerIdRequestData.class).transactionalId());
            case END_TXN -> write(request, request.data(EndTxnRequestData.class).transactionalId());
            case ADD_OFFSETS_TO_TXN -> addOffsets(request, request.data(AddOffsetsToTxnRequestData.class));
            case WRITE_TXN_MARKERS -> access.allowedOnCluster(request, AclOperation.ALTER)
                    || access.allowedOnCluster(request, AclOperation.CLUSTER_ACTION)
                            ? Errors.NONE
                            : Errors.CLUSTER_AUTHORIZATION_FAILED;
            case ADD_PARTITIONS_TO_TXN -> request.version() >= BATCHED
                    ? access.allowedOnCluster(request, AclOperation.CLUSTER_ACTION)
                            ? Errors.NONE
                            : Errors.CLUSTER_AUTHORIZATION_FAILED
                    : write(request,
                            request.data(AddPartitionsToTxnRequestData.class).v3AndBelowTransactionalId());
            default -> Errors.NONE;
        };
        if (refused != Errors.NONE) {
            request.fail(refused);
            return false;
        }
        return !(request.body() instanceof AddPartitionsToTxnRequest add) || request.version() >= BATCHED
                || admitsTopics(request, add);
    }

    private Errors init(Request request, @Nullable String transactionalId) {
        if (transactionalId != null) {
            return write(request, transactionalId);
        }
        return access.allowedOnCluster(request, AclOperation.IDEMPOTENT_WRITE)
                || access.allowedAny(request, AclOperation.WRITE, ResourceType.TOPIC)
                        ? Errors.NONE
                        : Errors.CLUSTER_AUTHORIZATION_FAILED;
    }

    private Errors write(Request request, String transactionalId) {
        return access.allowed(request, AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, transactionalId)
                ? Errors.NONE
                : Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    }

    private Errors addOffsets(Request request, AddOffsetsToTxnRequestData data) {
        Errors refused = write(request, data.transactionalId());
        if (refused != Errors.NONE) {
            return refused;
        }
        return access.allowed(request, AclOperation.READ, ResourceType.GROUP, data.groupId())
                ? Errors.NONE
                : Errors.GROUP_AUTHORIZATION_FAILED;
    }

    /** All partitions, or none: those that may be written to are told that they were not attempted. */
    private boolean admitsTopics(Request request, AddPartitionsToTxnRequest add) {
        List<TopicPartition> partitions = AddPartitionsToTxnRequest.getPartitions(add.data().v3AndBelowTopics());
        Map<TopicPartition, Errors> results = new HashMap<>();
        boolean all = true;
        for (TopicPartition each : partitions) {
            boolean may = !Topic.isInternal(each.topic())
                    && access.allowed(request, AclOperation.WRITE, ResourceType.TOPIC, each.topic());
            all &= may;
            results.put(each, may ? Errors.OPERATION_NOT_ATTEMPTED : Errors.TOPIC_AUTHORIZATION_FAILED);
        }
        if (!all) {
            String id = add.data().v3AndBelowTransactionalId();
            request.respond(new AddPartitionsToTxnResponseData().setResultsByTopicV3AndBelow(
                    AddPartitionsToTxnResponse.resultForTransaction(id, results).topicResults()));
        }
        return all;
    }
}
