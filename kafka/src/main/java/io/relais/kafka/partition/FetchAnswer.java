// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.List;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a fetch request: everything, where there is no session yet; in a session only the partitions that have records, an error, or a limit that moved.
 *
 * <p>Thread: the owner.
 */
final class FetchAnswer {
    private static final short STORAGE_ERROR_SINCE = 6;

    private final KafkaContext context;
    private final FetchSessions sessions;
    private final Request request;
    private final List<FetchTarget> targets;
    private final @Nullable FetchSession session;
    private final FetchResponseData response = new FetchResponseData();
    private @Nullable FetchableTopicResponse topic;
    private long bytes;

    /**
     * Makes it.
     *
     * @param targets all that is fetched
     * @param session the one that the request goes on with; null where it is whole
     */
    FetchAnswer(KafkaContext context, FetchSessions sessions, Request request, List<FetchTarget> targets,
            @Nullable FetchSession session) {
        this.context = context;
        this.sessions = sessions;
        this.request = request;
        this.targets = targets;
        this.session = session;
    }

    /** What is said of one partition. The records are the response's. */
    void add(FetchTarget target, PartitionData part, BaseRecords records) {
        boolean moved = part.highWatermark() != target.toldHighWatermark()
                || part.logStartOffset() != target.toldLogStartOffset();
        boolean failed = part.errorCode() != Errors.NONE.code();
        boolean served = records.sizeInBytes() > 0;
        if (session != null && !moved && !failed && !served) {
            return;
        }
        target.told(failed ? FetchTarget.UNTOLD : part.highWatermark(),
                failed ? FetchTarget.UNTOLD : part.logStartOffset());
        if (session != null && served) {
            session.served(target);
        }
        bytes += records.sizeInBytes();
        topicOf(target).partitions().add(part.setRecords(records));
    }

    /** As {@link #add}, where there is only an error. */
    void fail(FetchTarget target, PartitionData part, Errors why) {
        boolean unknown = why == Errors.KAFKA_STORAGE_ERROR && request.version() < STORAGE_ERROR_SINCE;
        part.setErrorCode((unknown ? Errors.NOT_LEADER_OR_FOLLOWER : why).code()).setHighWatermark(-1)
                .setLastStableOffset(-1).setLogStartOffset(-1);
        if (why == Errors.FENCED_LEADER_EPOCH) {
            part.currentLeader().setLeaderId(context.settings().nodeId()).setLeaderEpoch(0);
        }
        add(target, part, org.apache.kafka.common.record.internal.MemoryRecords.EMPTY);
    }

    private FetchableTopicResponse topicOf(FetchTarget target) {
        FetchableTopicResponse last = topic;
        FetchTarget.Key key = target.key();
        if (last == null || !last.topic().equals(key.topic()) || !last.topicId().equals(key.topicId())) {
            last = new FetchableTopicResponse().setTopic(key.topic())
                    .setTopicId(key.isById() ? key.topicId() : Uuid.ZERO_UUID);
            response.responses().add(last);
            topic = last;
        }
        return last;
    }

    /** Sends it. */
    void send() {
        FetchSession going = session;
        if (going != null) {
            response.setSessionId(going.id());
        } else if (request.data(FetchRequestData.class).sessionEpoch() == FetchSessions.INITIAL_EPOCH
                && !targets.isEmpty() && !request.isGone()) {
            FetchSession created = sessions.create(targets.getFirst().key().isById(), targets);
            response.setSessionId(created == null ? FetchSessions.NO_SESSION : created.id());
        }
        request.respond(response, bytes);
    }
}
