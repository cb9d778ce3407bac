// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.ArrayList;
import java.util.List;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Fetch, versions 4 to 18: finds out what a client wants, by its session or by the request alone, and begins to read it. */
public final class FetchApi {
    private static final short WITH_TOPIC_IDS = 13;
    private static final short WITH_REPLICA_STATE = 15;

    private final KafkaContext context;
    private final Authorization access;
    private final FetchSessions sessions;

    public FetchApi(KafkaContext context) {
        this(context, Authorization.OPEN);
    }

    /** @param access asked for {@code READ} on topics */
    public FetchApi(KafkaContext context, Authorization access) {
        this.context = context;
        this.access = access;
        this.sessions = new FetchSessions(context.owner().clock());
    }

    public void handle(Request request) {
        request.connection().whenWritable(() -> fetch(request));
    }

    private void fetch(Request request) {
        FetchRequestData data = request.data(FetchRequestData.class);
        if (isFromFollower(request, data)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED, "this broker has no followers");
            return;
        }
        boolean byTopicId = request.version() >= WITH_TOPIC_IDS;
        if (data.sessionEpoch() == FetchSessions.INITIAL_EPOCH || data.sessionEpoch() == FetchSessions.FINAL_EPOCH) {
            sessions.remove(data.sessionId());
            read(request, targets(data), null);
            return;
        }
        FetchSessions.Found found = sessions.find(data.sessionId(), data.sessionEpoch(), byTopicId);
        FetchSession session = found.session();
        if (session == null) {
            request.respond(new FetchResponseData().setErrorCode(found.error().code()));
            return;
        }
        int before = session.size();
        session.update(data, context.owner().clock().nowMs());
        sessions.resized(before, session.size());
        if (session.size() == 0) {
            sessions.remove(session.id());
            read(request, targets(data), null);
        } else {
            read(request, session.targets(), session);
        }
    }

    private void read(Request request, List<FetchTarget> targets, @Nullable FetchSession session) {
        new Fetching(context, request, access, new FetchAnswer(context, sessions, request, targets, session), targets)
                .start();
    }

    private static boolean isFromFollower(Request request, FetchRequestData data) {
        return (request.version() >= WITH_REPLICA_STATE ? data.replicaState().replicaId() : data.replicaId()) >= 0;
    }

    private static List<FetchTarget> targets(FetchRequestData data) {
        List<FetchTarget> targets = new ArrayList<>();
        data.topics().forEach(topic -> topic.partitions()
                .forEach(wanted -> targets.add(new FetchTarget(topic, wanted))));
        return targets;
    }
}
