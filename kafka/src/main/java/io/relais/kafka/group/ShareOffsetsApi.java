// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.ApiTable;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopicCollection;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData.AlterShareGroupOffsetsResponsePartition;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData.AlterShareGroupOffsetsResponseTopic;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData.DeleteShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsResponseData.DeleteShareGroupOffsetsResponseTopic;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponseGroup;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponsePartition;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Start offsets of share groups (KIP-932): described, altered, deleted. */
final class ShareOffsetsApi {
    private final GroupCalls calls;

    ShareOffsetsApi(GroupCalls calls) {
        this.calls = calls;
    }

    void register(ApiTable apis) {
        apis.on(ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS, this::describe);
        apis.on(ApiKeys.ALTER_SHARE_GROUP_OFFSETS, this::alter);
        apis.on(ApiKeys.DELETE_SHARE_GROUP_OFFSETS, this::delete);
    }

    private void describe(Request request) {
        DescribeShareGroupOffsetsRequestData data = request.data(DescribeShareGroupOffsetsRequestData.class);
        DescribeShareGroupOffsetsResponseGroup[] answers = new DescribeShareGroupOffsetsResponseGroup[data.groups()
                .size()];
        int[] left = {answers.length + 1};
        Runnable done = () -> {
            left[0]--;
            if (left[0] == 0) {
                request.respond(new DescribeShareGroupOffsetsResponseData().setGroups(Arrays.asList(answers)));
            }
        };
        for (int i = 0; i < answers.length; i++) {
            int at = i;
            describe(request, data.groups().get(i), answer -> {
                answers[at] = answer;
                done.run();
            });
        }
        done.run();
    }

    private void describe(Request request, DescribeShareGroupOffsetsRequestGroup group,
            Consumer<DescribeShareGroupOffsetsResponseGroup> then) {
        if (!calls.allows(request, AclOperation.DESCRIBE, group.groupId())) {
            then.accept(failed(group, Errors.GROUP_AUTHORIZATION_FAILED));
            return;
        }
        if (group.topics() == null) {
            calls.askPart(request, (coordinator, source) -> coordinator.describeShareGroupAllOffsets(source, group),
                    answer -> {
                        List<DescribeShareGroupOffsetsResponseTopic> visible = new ArrayList<>(answer.topics());
                        visible.removeIf(topic -> !calls.host().access().allowsTopic(request, AclOperation.DESCRIBE,
                                topic.topicName()));
                        then.accept(answer.setTopics(visible));
                    }, error -> then.accept(failed(group, error)));
            return;
        }
        List<DescribeShareGroupOffsetsRequestTopic> known = new ArrayList<>();
        List<DescribeShareGroupOffsetsResponseTopic> refused = new ArrayList<>();
        for (DescribeShareGroupOffsetsRequestTopic wanted : group.topics()) {
            if (calls.host().access().allowsTopic(request, AclOperation.DESCRIBE, wanted.topicName())) {
                known.add(wanted);
            } else {
                refused.add(new DescribeShareGroupOffsetsResponseTopic().setTopicName(wanted.topicName())
                        .setPartitions(wanted.partitions().stream()
                                .map(index -> new DescribeShareGroupOffsetsResponsePartition().setPartitionIndex(index)
                                        .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                                        .setErrorMessage(Errors.TOPIC_AUTHORIZATION_FAILED.message()))
                                .toList()));
            }
        }
        DescribeShareGroupOffsetsRequestGroup accepted = new DescribeShareGroupOffsetsRequestGroup()
                .setGroupId(group.groupId()).setTopics(known);
        calls.askPart(request, (coordinator, source) -> coordinator.describeShareGroupOffsets(source, accepted),
                answer -> {
                    List<DescribeShareGroupOffsetsResponseTopic> all = new ArrayList<>(answer.topics());
                    all.addAll(refused);
                    then.accept(answer.setTopics(all));
                }, error -> then.accept(failed(group, error)));
    }

    private static DescribeShareGroupOffsetsResponseGroup failed(DescribeShareGroupOffsetsRequestGroup group,
            Errors why) {
        return new DescribeShareGroupOffsetsResponseGroup().setGroupId(group.groupId()).setErrorCode(why.code())
                .setErrorMessage(why.message());
    }

    private void alter(Request request) {
        AlterShareGroupOffsetsRequestData data = request.data(AlterShareGroupOffsetsRequestData.class);
        if (!calls.allows(request, AclOperation.READ, data.groupId())) {
            request.fail(Errors.GROUP_AUTHORIZATION_FAILED);
            return;
        }
        AlterShareGroupOffsetsRequestTopicCollection known = new AlterShareGroupOffsetsRequestTopicCollection();
        List<AlterShareGroupOffsetsResponseTopic> refused = new ArrayList<>();
        for (AlterShareGroupOffsetsRequestTopic wanted : data.topics()) {
            Topic topic = calls.topic(false, Uuid.ZERO_UUID, wanted.topicName());
            Errors why = calls.check(request, AclOperation.READ, topic, false, wanted.topicName());
            if (why == Errors.NONE) {
                known.add(wanted.duplicate());
            } else {
                refused.add(new AlterShareGroupOffsetsResponseTopic().setTopicName(wanted.topicName())
                        .setPartitions(wanted.partitions().stream()
                                .map(each -> new AlterShareGroupOffsetsResponsePartition()
                                        .setPartitionIndex(each.partitionIndex()).setErrorCode(why.code())
                                        .setErrorMessage(why.message()))
                                .toList()));
            }
        }
        if (known.isEmpty()) {
            AlterShareGroupOffsetsResponseData response = new AlterShareGroupOffsetsResponseData();
            refused.forEach(response.responses()::add);
            request.respond(response);
            return;
        }
        AlterShareGroupOffsetsRequestData accepted = new AlterShareGroupOffsetsRequestData().setGroupId(data.groupId())
                .setTopics(known);
        calls.ask(request,
                (coordinator, source) -> coordinator.alterShareGroupOffsets(source, data.groupId(), accepted),
                response -> {
                    refused.forEach(response.responses()::add);
                    request.respond(response);
                });
    }

    private void delete(Request request) {
        DeleteShareGroupOffsetsRequestData data = request.data(DeleteShareGroupOffsetsRequestData.class);
        if (!calls.allows(request, AclOperation.DELETE, data.groupId())) {
            request.fail(Errors.GROUP_AUTHORIZATION_FAILED);
            return;
        }
        List<DeleteShareGroupOffsetsRequestTopic> known = new ArrayList<>();
        List<DeleteShareGroupOffsetsResponseTopic> refused = new ArrayList<>();
        for (DeleteShareGroupOffsetsRequestTopic wanted : data.topics()) {
            if (calls.host().access().allowsTopic(request, AclOperation.READ, wanted.topicName())) {
                known.add(wanted);
            } else {
                refused.add(new DeleteShareGroupOffsetsResponseTopic().setTopicName(wanted.topicName())
                        .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                        .setErrorMessage(Errors.TOPIC_AUTHORIZATION_FAILED.message()));
            }
        }
        if (known.isEmpty()) {
            request.respond(new DeleteShareGroupOffsetsResponseData().setResponses(refused));
            return;
        }
        DeleteShareGroupOffsetsRequestData accepted = new DeleteShareGroupOffsetsRequestData()
                .setGroupId(data.groupId()).setTopics(known);
        calls.ask(request, (coordinator, source) -> coordinator.deleteShareGroupOffsets(source, accepted),
                response -> {
                    List<DeleteShareGroupOffsetsResponseTopic> all = new ArrayList<>(response.responses());
                    all.addAll(refused);
                    request.respond(response.setResponses(all));
                });
    }
}
