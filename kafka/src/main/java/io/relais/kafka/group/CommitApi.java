// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.ArrayList;
import java.util.List;

import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** OffsetCommit: what there is no topic or no permission for is refused partition by partition, the rest goes to the coordinator. */
final class CommitApi {
    private final GroupCalls calls;

    CommitApi(GroupCalls calls) {
        this.calls = calls;
    }

    void handle(Request request) {
        OffsetCommitRequestData data = request.data(OffsetCommitRequestData.class);
        if (!calls.allows(request, AclOperation.READ, data.groupId())) {
            request.fail(Errors.GROUP_AUTHORIZATION_FAILED);
            return;
        }
        boolean byId = OffsetCommitResponse.useTopicIds(request.version());
        OffsetCommitResponse.Builder response = OffsetCommitResponse.newBuilder(byId);
        List<OffsetCommitRequestTopic> known = new ArrayList<>();
        for (OffsetCommitRequestTopic wanted : data.topics()) {
            Topic topic = calls.topic(byId, wanted.topicId(), wanted.name());
            Errors refused = calls.check(request, AclOperation.READ, topic, byId, wanted.name());
            if (topic == null || refused != Errors.NONE) {
                response.addPartitions(wanted.topicId(), wanted.name(), wanted.partitions(),
                        OffsetCommitRequestPartition::partitionIndex, refused);
                continue;
            }
            OffsetCommitRequestTopic accepted = new OffsetCommitRequestTopic().setName(topic.name())
                    .setTopicId(topic.id());
            for (OffsetCommitRequestPartition each : wanted.partitions()) {
                if (topic.partition(each.partitionIndex()) == null) {
                    response.addPartition(wanted.topicId(), topic.name(), each.partitionIndex(),
                            Errors.UNKNOWN_TOPIC_OR_PARTITION);
                } else {
                    accepted.partitions().add(each);
                }
            }
            if (!accepted.partitions().isEmpty()) {
                known.add(accepted);
            }
        }
        if (known.isEmpty()) {
            request.respond(response.build().data());
            return;
        }
        calls.ask(request,
                (coordinator, source) -> coordinator.commitOffsets(source, data.setTopics(known),
                        BufferSupplier.NO_CACHING),
                answer -> request.respond(response.merge(answer).build().data()));
    }
}
