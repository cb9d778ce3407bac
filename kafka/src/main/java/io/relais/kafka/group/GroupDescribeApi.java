// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.relais.kafka.wire.ApiTable;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/** Groups described, one key for each kind. A group is told of only to who may see all topics of its members. */
final class GroupDescribeApi {
    private static final String HIDDEN = "The group has described topic(s) that the client is not authorized to describe.";
    private static final Set<AclOperation> OPERATIONS = Set.of(AclOperation.READ, AclOperation.DESCRIBE,
            AclOperation.DELETE, AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS);

    private final GroupCalls calls;

    GroupDescribeApi(GroupCalls calls) {
        this.calls = calls;
    }

    void register(ApiTable apis) {
        apis.on(ApiKeys.DESCRIBE_GROUPS, this::classic);
        apis.on(ApiKeys.CONSUMER_GROUP_DESCRIBE, this::consumer);
        apis.on(ApiKeys.SHARE_GROUP_DESCRIBE, this::share);
        apis.on(ApiKeys.STREAMS_GROUP_DESCRIBE, this::streams);
    }

    private void classic(Request request) {
        DescribeGroupsRequestData data = request.data(DescribeGroupsRequestData.class);
        describe(request, data.groups(), (coordinator, source, groups) -> coordinator.describeGroups(source, groups),
                group -> DescribeGroupsResponse.groupError(group, Errors.GROUP_AUTHORIZATION_FAILED), answers -> {
                    if (data.includeAuthorizedOperations()) {
                        answers.stream().filter(group -> group.errorCode() == Errors.NONE.code())
                                .forEach(group -> group.setAuthorizedOperations(operations(request, group.groupId())));
                    }
                    request.respond(new DescribeGroupsResponseData().setGroups(answers));
                });
    }

    private void consumer(Request request) {
        ConsumerGroupDescribeRequestData data = request.data(ConsumerGroupDescribeRequestData.class);
        describe(request, data.groupIds(),
                (coordinator, source, groups) -> coordinator.consumerGroupDescribe(source, groups),
                group -> new ConsumerGroupDescribeResponseData.DescribedGroup().setGroupId(group)
                        .setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code()),
                answers -> {
                    answers.forEach(group -> {
                        if (data.includeAuthorizedOperations() && group.errorCode() == Errors.NONE.code()) {
                            group.setAuthorizedOperations(operations(request, group.groupId()));
                        }
                        if (!visible(request, group.members().stream().flatMap(GroupDescribeApi::topics))) {
                            group.setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code()).setErrorMessage(HIDDEN)
                                    .setMembers(List.of());
                        }
                    });
                    request.respond(new ConsumerGroupDescribeResponseData().setGroups(answers));
                });
    }

    private static Stream<String> topics(ConsumerGroupDescribeResponseData.Member member) {
        return Stream
                .concat(member.assignment().topicPartitions().stream(),
                        member.targetAssignment().topicPartitions().stream())
                .map(ConsumerGroupDescribeResponseData.TopicPartitions::topicName);
    }

    private void share(Request request) {
        ShareGroupDescribeRequestData data = request.data(ShareGroupDescribeRequestData.class);
        describe(request, data.groupIds(),
                (coordinator, source, groups) -> coordinator.shareGroupDescribe(source, groups),
                group -> new ShareGroupDescribeResponseData.DescribedGroup().setGroupId(group)
                        .setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code()),
                answers -> {
                    answers.forEach(group -> {
                        if (data.includeAuthorizedOperations() && group.errorCode() == Errors.NONE.code()) {
                            group.setAuthorizedOperations(operations(request, group.groupId()));
                        }
                        if (!visible(request,
                                group.members().stream()
                                        .flatMap(member -> member.assignment().topicPartitions().stream())
                                        .map(ShareGroupDescribeResponseData.TopicPartitions::topicName))) {
                            group.setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code()).setErrorMessage(HIDDEN)
                                    .setMembers(List.of());
                        }
                    });
                    request.respond(new ShareGroupDescribeResponseData().setGroups(answers));
                });
    }

    private void streams(Request request) {
        StreamsGroupDescribeRequestData data = request.data(StreamsGroupDescribeRequestData.class);
        describe(request, data.groupIds(),
                (coordinator, source, groups) -> coordinator.streamsGroupDescribe(source, groups,
                        data.includeTopologyDescription()),
                group -> new StreamsGroupDescribeResponseData.DescribedGroup().setGroupId(group)
                        .setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code()),
                answers -> {
                    answers.forEach(group -> {
                        if (data.includeAuthorizedOperations() && group.errorCode() == Errors.NONE.code()) {
                            group.setAuthorizedOperations(operations(request, group.groupId()));
                        }
                        if (!visible(request, topics(group))) {
                            group.setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code()).setErrorMessage(HIDDEN)
                                    .setMembers(List.of()).setTopology(null);
                        }
                    });
                    request.respond(new StreamsGroupDescribeResponseData().setGroups(answers));
                });
    }

    private static Stream<String> topics(StreamsGroupDescribeResponseData.DescribedGroup group) {
        return group.topology() == null
                ? Stream.empty()
                : group.topology().subtopologies().stream()
                        .flatMap(each -> Stream.of(each.sourceTopics().stream(), each.repartitionSinkTopics().stream(),
                                each.repartitionSourceTopics().stream()
                                        .map(StreamsGroupDescribeResponseData.TopicInfo::name),
                                each.stateChangelogTopics().stream()
                                        .map(StreamsGroupDescribeResponseData.TopicInfo::name))
                                .flatMap(names -> names));
    }

    /** What the coordinator is asked for groups that may be described. */
    private interface Description<T> {
        CompletionStage<List<T>> of(GroupCoordinator coordinator,
                AuthorizableRequestContext source, List<String> groups);
    }

    private <T> void describe(Request request, List<String> groups, Description<T> description,
            Function<String, T> refused, Consumer<List<T>> then) {
        Map<Boolean, List<String>> sorted = groups.stream()
                .collect(Collectors.partitioningBy(group -> calls.allows(request, AclOperation.DESCRIBE, group)));
        calls.ask(request,
                (coordinator, source) -> description.of(coordinator, source, sorted.getOrDefault(true, List.of())),
                answers -> {
                    List<T> all = new ArrayList<>(answers);
                    sorted.getOrDefault(false, List.of()).forEach(group -> all.add(refused.apply(group)));
                    then.accept(all);
                });
    }

    private boolean visible(Request request, Stream<String> topics) {
        return topics.distinct()
                .allMatch(topic -> calls.host().access().allowsTopic(request, AclOperation.DESCRIBE, topic));
    }

    private int operations(Request request, String group) {
        return Utils.to32BitField(OPERATIONS.stream().filter(operation -> calls.allows(request, operation, group))
                .map(AclOperation::code).collect(Collectors.toSet()));
    }
}
