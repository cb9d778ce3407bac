// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.List;
import java.util.TreeSet;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.partition.Partition;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/** DescribeTopicPartitions (KIP-966): topics by name, so many partitions at a time, with a cursor to go on from. Bounds: {@value #PARTITIONS_MAX} partitions an answer. */
public final class DescribeTopicPartitionsApi {
    static final int PARTITIONS_MAX = 2_000;

    private final KafkaContext context;

    public DescribeTopicPartitionsApi(KafkaContext context) {
        this.context = context;
    }

    public void handle(Request request) {
        DescribeTopicPartitionsRequestData data = request.data(DescribeTopicPartitionsRequestData.class);
        DescribeTopicPartitionsRequestData.Cursor cursor = data.cursor();
        String from = cursor == null ? "" : cursor.topicName();
        boolean all = data.topics().isEmpty();
        TreeSet<String> names = new TreeSet<>();
        if (all) {
            context.topics().all().forEach(topic -> names.add(topic.name()));
        } else {
            data.topics().stream().map(TopicRequest::name).forEach(names::add);
        }
        if (cursor != null && !all && !names.contains(from)) {
            request.fail(Errors.INVALID_REQUEST,
                    "DescribeTopicPartitionsRequest topic list should contain the cursor topic: " + from);
            return;
        }
        if (cursor != null && cursor.partitionIndex() < 0) {
            request.fail(Errors.INVALID_REQUEST,
                    "DescribeTopicPartitionsRequest cursor partition must be valid: " + cursor);
            return;
        }
        DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
        int left = Math.clamp(data.responsePartitionLimit(), 1, PARTITIONS_MAX);
        for (String name : names.tailSet(from)) {
            if (response.nextCursor() != null) {
                break; // the topic before was cut
            }
            if (left == 0) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
                break;
            }
            int first = cursor != null && name.equals(from) ? cursor.partitionIndex() : 0;
            left = add(request, response, name, first, left, all);
        }
        request.respond(response);
    }

    /** Adds one topic, or the part of it that fits; returns how many partitions fit after it. */
    private int add(Request request, DescribeTopicPartitionsResponseData response, String name, int first, int limit,
            boolean all) {
        boolean allowed = all
                ? context.access().visible(request, AclOperation.DESCRIBE, ResourceType.TOPIC, name)
                : context.access().allowed(request, AclOperation.DESCRIBE, ResourceType.TOPIC, name);
        Topic topic = context.topics().byName(name);
        if (!allowed || topic == null) {
            if (!all) {
                response.topics().add(new DescribeTopicPartitionsResponseTopic().setName(name)
                        .setErrorCode((allowed ? absent(name) : Errors.TOPIC_AUTHORIZATION_FAILED).code()));
            }
            return limit;
        }
        DescribeTopicPartitionsResponseTopic answer = new DescribeTopicPartitionsResponseTopic().setName(name)
                .setTopicId(topic.id()).setIsInternal(topic.isInternal())
                .setTopicAuthorizedOperations(context.access().operations(request, ResourceType.TOPIC, name));
        response.topics().add(answer);
        int end = (int) Math.min(topic.partitions().size(), (long) first + limit);
        for (int index = first; index < end; index++) {
            answer.partitions().add(describe(topic.partitions().get(index)));
        }
        if (end < topic.partitions().size()) {
            response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(end));
        }
        return limit - Math.max(0, end - first);
    }

    private static Errors absent(String name) {
        try {
            org.apache.kafka.common.internals.Topic.validate(name);
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        } catch (InvalidTopicException _) {
            return Errors.INVALID_TOPIC_EXCEPTION;
        }
    }

    private DescribeTopicPartitionsResponsePartition describe(Partition partition) {
        List<Integer> here = List.of(context.settings().nodeId());
        return new DescribeTopicPartitionsResponsePartition().setPartitionIndex(partition.index())
                .setLeaderId(context.settings().nodeId()).setLeaderEpoch(partition.leaderEpoch()).setReplicaNodes(here)
                .setIsrNodes(here).setEligibleLeaderReplicas(List.of()).setLastKnownElr(List.of())
                .setOfflineReplicas(List.of());
    }
}
