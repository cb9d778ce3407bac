// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import io.relais.kafka.wire.ApiTable;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** Members of classic groups: they join, are given what their leader decided, say that they live, and leave. */
final class ClassicGroupApi {
    private final GroupCalls calls;

    ClassicGroupApi(GroupCalls calls) {
        this.calls = calls;
    }

    void register(ApiTable apis) {
        apis.on(ApiKeys.JOIN_GROUP, this::join);
        apis.on(ApiKeys.SYNC_GROUP, this::sync);
        apis.on(ApiKeys.HEARTBEAT, this::heartbeat);
        apis.on(ApiKeys.LEAVE_GROUP, this::leave);
    }

    private void join(Request request) {
        JoinGroupRequestData data = request.data(JoinGroupRequestData.class);
        calls.answer(request, AclOperation.READ, data.groupId(),
                (coordinator, source) -> coordinator.joinGroup(source, data, BufferSupplier.NO_CACHING),
                response -> new JoinGroupResponse(response, request.version()).data());
    }

    private void sync(Request request) {
        SyncGroupRequestData data = request.data(SyncGroupRequestData.class);
        if (!((SyncGroupRequest) request.body()).areMandatoryProtocolTypeAndNamePresent()) {
            request.fail(Errors.INCONSISTENT_GROUP_PROTOCOL);
            return;
        }
        calls.answer(request, AclOperation.READ, data.groupId(),
                (coordinator, source) -> coordinator.syncGroup(source, data, BufferSupplier.NO_CACHING));
    }

    private void heartbeat(Request request) {
        HeartbeatRequestData data = request.data(HeartbeatRequestData.class);
        calls.answer(request, AclOperation.READ, data.groupId(),
                (coordinator, source) -> coordinator.heartbeat(source, data));
    }

    private void leave(Request request) {
        LeaveGroupRequestData data = ((LeaveGroupRequest) request.body()).normalizedData(); // one member, or many from version 3 on
        calls.answer(request, AclOperation.READ, data.groupId(),
                (coordinator, source) -> coordinator.leaveGroup(source, data),
                response -> new LeaveGroupResponse(response, request.version()).data());
    }
}
