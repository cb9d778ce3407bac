// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.relais.kafka.wire.Request;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData.AcknowledgePartition;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData.PartitionData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData.ShareAcknowledgeTopicResponse;
import org.apache.kafka.common.protocol.Errors;

/** ShareAcknowledge (KIP-932), versions 1 and 2: what a member says about records it has, and the end of its session. Thread: the owner. */
final class ShareAcknowledgeApi {
    private static final short WITH_LOCK_TIMEOUT = 2;

    private final ShareGroups groups;

    ShareAcknowledgeApi(ShareGroups groups) {
        this.groups = groups;
    }

    void handle(Request request) {
        ShareAcknowledgeRequestData data = request.data(ShareAcknowledgeRequestData.class);
        ShareSession.Key key = ShareRequests.admit(groups, request, data.groupId(), data.memberId());
        if (key == null) {
            return;
        }
        Errors error = data.shareSessionEpoch() == ShareSession.INITIAL_EPOCH
                ? Errors.INVALID_SHARE_SESSION_EPOCH
                : groups.sessions().advance(key, data.shareSessionEpoch());
        if (error != Errors.NONE) {
            request.fail(error);
            return;
        }
        Acknowledging.all(groups, request, key.memberId(), acknowledgements(key.groupId(), data), data.isRenewAck(),
                results -> request.respond(response(request, key, results)));
        if (data.shareSessionEpoch() == ShareSession.FINAL_EPOCH) {
            ShareSession session = groups.sessions().find(key);
            if (session != null) {
                groups.sessions().end(session);
            }
        }
    }

    private static Map<SharePartitionId, List<Acknowledgement>> acknowledgements(String groupId,
            ShareAcknowledgeRequestData data) {
        Map<SharePartitionId, List<Acknowledgement>> all = new LinkedHashMap<>();
        data.topics().forEach(topic -> {
            for (AcknowledgePartition partition : topic.partitions()) {
                SharePartitionId id = new SharePartitionId(groupId, topic.topicId(), partition.partitionIndex());
                List<Acknowledgement> of = all.computeIfAbsent(id, known -> new ArrayList<>());
                partition.acknowledgementBatches().forEach(each -> of
                        .add(new Acknowledgement(each.firstOffset(), each.lastOffset(), each.acknowledgeTypes())));
            }
        });
        return all;
    }

    private ShareAcknowledgeResponseData response(Request request, ShareSession.Key key,
            Map<SharePartitionId, Errors> results) {
        ShareAcknowledgeResponseData response = new ShareAcknowledgeResponseData();
        if (request.version() >= WITH_LOCK_TIMEOUT) {
            response.setAcquisitionLockTimeoutMs(groups.config().limits(key.groupId()).lockDurationMs());
        }
        results.forEach((id, error) -> {
            ShareAcknowledgeTopicResponse topic = response.responses().find(id.topicId());
            if (topic == null) {
                topic = new ShareAcknowledgeTopicResponse().setTopicId(id.topicId());
                response.responses().add(topic);
            }
            topic.partitions().add(new PartitionData().setPartitionIndex(id.partition()).setErrorCode(error.code())
                    .setErrorMessage(error == Errors.NONE ? null : error.message()));
        });
        return response;
    }
}
