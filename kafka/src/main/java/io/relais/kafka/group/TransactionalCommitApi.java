// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.ArrayList;
import java.util.List;

import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** TxnOffsetCommit: as {@link CommitApi}; the offsets count when the transaction is committed. */
final class TransactionalCommitApi {
    private final GroupCalls calls;

    TransactionalCommitApi(GroupCalls calls) {
        this.calls = calls;
    }

    void handle(Request request) {
        TxnOffsetCommitRequestData data = request.data(TxnOffsetCommitRequestData.class);
        if (!calls.host().access().allows(request, AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID,
                data.transactionalId())) {
            request.fail(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
            return;
        }
        if (!calls.allows(request, AclOperation.READ, data.groupId())) {
            request.fail(Errors.GROUP_AUTHORIZATION_FAILED);
            return;
        }
        boolean byId = TxnOffsetCommitResponse.useTopicIds(request.version());
        TxnOffsetCommitResponse.Builder response = TxnOffsetCommitResponse.newBuilder(byId);
        List<TxnOffsetCommitRequestTopic> known = new ArrayList<>();
        for (TxnOffsetCommitRequestTopic wanted : data.topics()) {
            Topic topic = calls.topic(byId, wanted.topicId(), wanted.name());
            Errors refused = calls.check(request, AclOperation.READ, topic, byId, wanted.name());
            if (topic == null || refused != Errors.NONE) {
                response.addPartitions(wanted.topicId(), wanted.name(), wanted.partitions(),
                        TxnOffsetCommitRequestPartition::partitionIndex, refused);
                continue;
            }
            TxnOffsetCommitRequestTopic accepted = new TxnOffsetCommitRequestTopic().setName(topic.name())
                    .setTopicId(topic.id());
            for (TxnOffsetCommitRequestPartition each : wanted.partitions()) {
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
                (coordinator, source) -> coordinator.commitTransactionalOffsets(source, data.setTopics(known),
                        BufferSupplier.NO_CACHING),
                answer -> request.respond(response.merge(answer).build().data()));
    }
}
