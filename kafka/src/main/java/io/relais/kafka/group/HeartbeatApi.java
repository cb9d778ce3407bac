// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.List;

import io.relais.kafka.wire.ApiTable;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Members of consumer groups (KIP-848) and share groups (KIP-932): a heartbeat is all they send. */
final class HeartbeatApi {
    private final GroupCalls calls;

    HeartbeatApi(GroupCalls calls) {
        this.calls = calls;
    }

    void register(ApiTable apis) {
        apis.on(ApiKeys.CONSUMER_GROUP_HEARTBEAT, this::consumer);
        apis.on(ApiKeys.SHARE_GROUP_HEARTBEAT, this::share);
    }

    private void consumer(Request request) {
        ConsumerGroupHeartbeatRequestData data = request.data(ConsumerGroupHeartbeatRequestData.class);
        if (mayDescribe(request, data.groupId(), data.subscribedTopicNames())) {
            calls.answer(request, AclOperation.READ, data.groupId(),
                    (coordinator, source) -> coordinator.consumerGroupHeartbeat(source, data));
        }
    }

    private void share(Request request) {
        ShareGroupHeartbeatRequestData data = request.data(ShareGroupHeartbeatRequestData.class);
        if (mayDescribe(request, data.groupId(), data.subscribedTopicNames())) {
            calls.answer(request, AclOperation.READ, data.groupId(),
                    (coordinator, source) -> coordinator.shareGroupHeartbeat(source, data));
        }
    }

    /** A member hears of topics through its assignment, so it must be allowed to see all it subscribes to. The group's own permission comes first. */
    private boolean mayDescribe(Request request, String group, @Nullable List<String> topics) {
        if (topics != null && calls.allows(request, AclOperation.READ, group) && !topics.stream()
                .allMatch(topic -> calls.host().access().allowsTopic(request, AclOperation.DESCRIBE, topic))) {
            request.fail(Errors.TOPIC_AUTHORIZATION_FAILED);
            return false;
        }
        return true;
    }
}
