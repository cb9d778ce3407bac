// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** OffsetDelete: drops committed offsets of topics that no member of the group subscribes to. */
final class OffsetDeleteApi {
    private final GroupCalls calls;

    OffsetDeleteApi(GroupCalls calls) {
        this.calls = calls;
    }

    void handle(Request request) {
        OffsetDeleteRequestData data = request.data(OffsetDeleteRequestData.class);
        if (!calls.allows(request, AclOperation.DELETE, data.groupId())) {
            request.fail(Errors.GROUP_AUTHORIZATION_FAILED);
            return;
        }
        OffsetDeleteResponse.Builder response = new OffsetDeleteResponse.Builder();
        OffsetDeleteRequestTopicCollection known = new OffsetDeleteRequestTopicCollection();
        for (OffsetDeleteRequestTopic wanted : data.topics()) {
            Topic topic = calls.topic(false, Uuid.ZERO_UUID, wanted.name());
            Errors refused = calls.check(request, AclOperation.READ, topic, false, wanted.name());
            if (topic == null || refused != Errors.NONE) {
                response.addPartitions(wanted.name(), wanted.partitions(),
                        OffsetDeleteRequestPartition::partitionIndex, refused);
                continue;
            }
            OffsetDeleteRequestTopic accepted = new OffsetDeleteRequestTopic().setName(wanted.name());
            for (OffsetDeleteRequestPartition each : wanted.partitions()) {
                if (topic.partition(each.partitionIndex()) == null) {
                    response.addPartition(wanted.name(), each.partitionIndex(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
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
        OffsetDeleteRequestData accepted = new OffsetDeleteRequestData().setGroupId(data.groupId()).setTopics(known);
        calls.ask(request,
                (coordinator, source) -> coordinator.deleteOffsets(source, accepted, BufferSupplier.NO_CACHING),
                answer -> request.respond(response.merge(answer).build().data()));
    }
}
