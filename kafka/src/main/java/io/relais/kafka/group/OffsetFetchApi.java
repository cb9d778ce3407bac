// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;

/** OffsetFetch: of one group or many, of named partitions or of all; with {@code require stable} pending transactions are told of. */
final class OffsetFetchApi {
    private final GroupCalls calls;

    OffsetFetchApi(GroupCalls calls) {
        this.calls = calls;
    }

    void handle(Request request) {
        OffsetFetchRequest body = (OffsetFetchRequest) request.body();
        List<OffsetFetchRequestGroup> groups = body.groups();
        OffsetFetchResponseGroup[] answers = new OffsetFetchResponseGroup[groups.size()];
        int[] left = {groups.size() + 1};
        Runnable done = () -> {
            left[0]--;
            if (left[0] == 0) {
                request.respond(new OffsetFetchResponse.Builder(List.of(answers)).build(request.version()).data());
            }
        };
        for (int i = 0; i < answers.length; i++) {
            int at = i;
            fetch(request, groups.get(i), body.requireStable(), answer -> {
                answers[at] = answer;
                done.run();
            });
        }
        done.run();
    }

    private void fetch(Request request, OffsetFetchRequestGroup group, boolean stable,
            Consumer<OffsetFetchResponseGroup> then) {
        if (!calls.allows(request, AclOperation.DESCRIBE, group.groupId())) {
            then.accept(OffsetFetchResponse.groupError(group, Errors.GROUP_AUTHORIZATION_FAILED, request.version()));
            return;
        }
        boolean byId = OffsetFetchRequest.useTopicIds(request.version());
        boolean all = OffsetFetchRequest.requestAllOffsets(group);
        List<OffsetFetchResponseTopics> refused = new ArrayList<>();
        OffsetFetchRequestGroup known = all ? group : accepted(request, group, byId, refused);
        calls.askPart(request, (coordinator, source) -> coordinator.fetchOffsets(source, known, stable), answer -> {
            if (answer.errorCode() == Errors.NONE.code()) {
                List<OffsetFetchResponseTopics> topics = new ArrayList<>(answer.topics());
                if (all) {
                    topics.removeIf(topic -> !visible(request, topic, byId));
                }
                topics.addAll(refused);
                answer.setTopics(topics);
            }
            then.accept(answer);
        }, error -> then.accept(OffsetFetchResponse.groupError(group, error, request.version())));
    }

    private OffsetFetchRequestGroup accepted(Request request, OffsetFetchRequestGroup group, boolean byId,
            List<OffsetFetchResponseTopics> refused) {
        List<OffsetFetchRequestTopics> known = new ArrayList<>();
        for (OffsetFetchRequestTopics wanted : group.topics()) {
            Topic topic = calls.topic(byId, wanted.topicId(), wanted.name());
            Errors why = calls.check(request, AclOperation.DESCRIBE, topic, byId, wanted.name());
            if (why == Errors.NONE && topic != null) {
                known.add(new OffsetFetchRequestTopics().setName(topic.name()).setTopicId(topic.id())
                        .setPartitionIndexes(wanted.partitionIndexes()));
            } else if (why == Errors.UNKNOWN_TOPIC_OR_PARTITION) { // offsets may be left from a topic that is gone
                known.add(wanted);
            } else {
                refused.add(refused(wanted, why));
            }
        }
        return new OffsetFetchRequestGroup().setGroupId(group.groupId()).setMemberId(group.memberId())
                .setMemberEpoch(group.memberEpoch()).setTopics(known);
    }

    private static OffsetFetchResponseTopics refused(OffsetFetchRequestTopics wanted, Errors why) {
        OffsetFetchResponseTopics answer = new OffsetFetchResponseTopics().setName(wanted.name())
                .setTopicId(wanted.topicId());
        wanted.partitionIndexes()
                .forEach(index -> answer.partitions().add(new OffsetFetchResponsePartitions().setPartitionIndex(index)
                        .setErrorCode(why.code()).setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
                        .setMetadata(OffsetFetchResponse.NO_METADATA).setCommittedLeaderEpoch(-1)));
        return answer;
    }

    /** Whether a topic of all offsets is told; puts in its id. */
    private boolean visible(Request request, OffsetFetchResponseTopics answer, boolean byId) {
        Topic topic = calls.host().context().topics().byName(answer.name());
        if (topic != null) {
            answer.setTopicId(topic.id());
        }
        return (topic != null || !byId)
                && calls.host().access().allowsTopic(request, AclOperation.DESCRIBE, answer.name());
    }
}
