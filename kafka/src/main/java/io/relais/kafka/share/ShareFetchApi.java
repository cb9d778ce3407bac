// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.relais.kafka.wire.Request;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * ShareFetch (KIP-932), versions 1 and 2: begins, continues and ends a share session, does the acknowledgements that came along, and fetches.
 *
 * <p>Thread: the owner.
 */
final class ShareFetchApi {
    private final ShareGroups groups;

    ShareFetchApi(ShareGroups groups) {
        this.groups = groups;
    }

    void handle(Request request) {
        ShareFetchRequestData data = request.data(ShareFetchRequestData.class);
        ShareSession.Key key = ShareRequests.admit(groups, request, data.groupId(), data.memberId());
        if (key == null) {
            return;
        }
        if (data.isRenewAck()
                && (data.maxBytes() != 0 || data.minBytes() != 0 || data.maxRecords() != 0 || data.maxWaitMs() != 0)) {
            request.fail(Errors.INVALID_REQUEST,
                    "a fetch that renews locks must not ask for records: maxBytes, minBytes, maxRecords and maxWaitMs are 0");
            return;
        }
        Map<SharePartitionId, List<Acknowledgement>> acknowledgements = acknowledgements(key.groupId(), data);
        switch (data.shareSessionEpoch()) {
            case ShareSession.INITIAL_EPOCH -> begin(request, key, data, acknowledgements);
            case ShareSession.FINAL_EPOCH -> end(request, key, data, acknowledgements);
            default -> goOn(request, key, data, acknowledgements);
        }
    }

    private void begin(Request request, ShareSession.Key key, ShareFetchRequestData data,
            Map<SharePartitionId, List<Acknowledgement>> acknowledgements) {
        if (!acknowledgements.isEmpty()) {
            request.fail(Errors.INVALID_REQUEST, "a session begins without acknowledgements");
            return;
        }
        ShareSession session = groups.sessions().begin(key, request.connection());
        if (session == null) {
            // answered late, so that clients do not ask again and again
            groups.context().owner().schedule(Math.max(0, data.maxWaitMs()),
                    () -> request.fail(Errors.SHARE_SESSION_LIMIT_REACHED));
            return;
        }
        update(session, data);
        fetch(request, session, data, acknowledgements);
    }

    private void goOn(Request request, ShareSession.Key key, ShareFetchRequestData data,
            Map<SharePartitionId, List<Acknowledgement>> acknowledgements) {
        Errors error = groups.sessions().advance(key, data.shareSessionEpoch());
        ShareSession session = groups.sessions().find(key);
        if (error != Errors.NONE || session == null) {
            request.fail(error);
            return;
        }
        update(session, data);
        fetch(request, session, data, acknowledgements);
    }

    private void end(Request request, ShareSession.Key key, ShareFetchRequestData data,
            Map<SharePartitionId, List<Acknowledgement>> acknowledgements) {
        ShareSession session = groups.sessions().find(key);
        if (session == null) {
            request.fail(Errors.SHARE_SESSION_NOT_FOUND);
            return;
        }
        fetch(request, session, data, acknowledgements);
        groups.sessions().end(session);
    }

    private static void update(ShareSession session, ShareFetchRequestData data) {
        String groupId = session.key().groupId();
        data.topics().forEach(topic -> topic.partitions().forEach(partition -> session.partitions()
                .add(new SharePartitionId(groupId, topic.topicId(), partition.partitionIndex()))));
        data.forgottenTopicsData().forEach(topic -> topic.partitions().forEach(
                index -> session.partitions().remove(new SharePartitionId(groupId, topic.topicId(), index))));
    }

    private static Map<SharePartitionId, List<Acknowledgement>> acknowledgements(String groupId,
            ShareFetchRequestData data) {
        Map<SharePartitionId, List<Acknowledgement>> all = new LinkedHashMap<>();
        data.topics().forEach(topic -> {
            for (FetchPartition partition : topic.partitions()) {
                if (!partition.acknowledgementBatches().isEmpty()) {
                    SharePartitionId id = new SharePartitionId(groupId, topic.topicId(), partition.partitionIndex());
                    List<Acknowledgement> of = all.computeIfAbsent(id, known -> new ArrayList<>());
                    partition.acknowledgementBatches().forEach(each -> of.add(
                            new Acknowledgement(each.firstOffset(), each.lastOffset(), each.acknowledgeTypes())));
                }
            }
        });
        return all;
    }

    /** The acknowledgements first: what they release can be fetched at once. The answer waits for both. */
    private void fetch(Request request, ShareSession session, ShareFetchRequestData data,
            Map<SharePartitionId, List<Acknowledgement>> acknowledgements) {
        ShareFetchAnswer answer = new ShareFetchAnswer(request,
                groups.config().limits(session.key().groupId()).lockDurationMs());
        boolean fetches = data.shareSessionEpoch() != ShareSession.FINAL_EPOCH && !data.isRenewAck();
        answer.expect(fetches ? 2 : 1);
        Acknowledging.all(groups, request, session.key().memberId(), acknowledgements, data.isRenewAck(), results -> {
            results.forEach(answer::acknowledged);
            answer.partDone();
        });
        if (fetches) {
            request.connection().whenWritable(new ShareFetching(groups, request, session, data, answer)::start);
        }
    }
}
