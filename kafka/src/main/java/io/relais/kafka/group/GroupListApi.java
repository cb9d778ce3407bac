// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.relais.kafka.wire.ApiTable;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** All groups listed, and groups deleted. */
final class GroupListApi {
    private final GroupCalls calls;

    GroupListApi(GroupCalls calls) {
        this.calls = calls;
    }

    void register(ApiTable apis) {
        apis.on(ApiKeys.LIST_GROUPS, this::list);
        apis.on(ApiKeys.DELETE_GROUPS, this::delete);
    }

    /** Who may describe the cluster sees all groups, others those that they may describe. */
    private void list(Request request) {
        ListGroupsRequestData data = request.data(ListGroupsRequestData.class);
        boolean seesAll = calls.host().access().allows(request, AclOperation.DESCRIBE, ResourceType.CLUSTER,
                Resource.CLUSTER_NAME);
        calls.ask(request, (coordinator, source) -> coordinator.listGroups(source, data), response -> {
            if (!seesAll) {
                response.setGroups(response.groups().stream()
                        .filter(group -> calls.allows(request, AclOperation.DESCRIBE, group.groupId())).toList());
            }
            request.respond(response);
        });
    }

    private void delete(Request request) {
        DeleteGroupsRequestData data = request.data(DeleteGroupsRequestData.class);
        Map<Boolean, List<String>> groups = data.groupsNames().stream().distinct()
                .collect(Collectors.partitioningBy(group -> calls.allows(request, AclOperation.DELETE, group)));
        calls.ask(request,
                (coordinator, source) -> coordinator.deleteGroups(source, groups.getOrDefault(true, List.of()),
                        BufferSupplier.NO_CACHING),
                results -> {
                    groups.getOrDefault(false, List.of()).forEach(group -> results.add(new DeletableGroupResult()
                            .setGroupId(group).setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code())));
                    request.respond(new DeleteGroupsResponseData().setResults(results));
                });
    }
}
