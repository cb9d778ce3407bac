// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

import io.relais.kafka.wire.Connection;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * All share sessions. One ends with its connection: what its member has is available again.
 *
 * <p>Thread: the owner. Bounds: {@code group.share.max.share.sessions}; beyond, no session begins.
 */
final class ShareSessions {
    private final Map<ShareSession.Key, ShareSession> sessions = new HashMap<>();
    private final Map<Connection, Set<ShareSession>> byConnection = new HashMap<>();
    private final Map<String, Integer> members = new HashMap<>();
    private final IntSupplier sessionsMax;
    private final Consumer<ShareSession> ended;

    /** @param ended told of each session that ends, after it did */
    ShareSessions(IntSupplier sessionsMax, Consumer<ShareSession> ended) {
        this.sessionsMax = sessionsMax;
        this.ended = ended;
    }

    int size() {
        return sessions.size();
    }

    boolean hasMembers(String groupId) {
        return members.containsKey(groupId);
    }

    @Nullable
    ShareSession find(ShareSession.Key key) {
        return sessions.get(key);
    }

    /** Begins a session; one that the member has already is forgotten, but what it acquired stays its own. Null where there are too many. */
    @Nullable
    ShareSession begin(ShareSession.Key key, Connection connection) {
        ShareSession before = sessions.get(key);
        if (before != null) {
            forget(before);
        }
        if (sessions.size() >= sessionsMax.getAsInt()) {
            return null;
        }
        ShareSession session = new ShareSession(key, connection);
        sessions.put(key, session);
        byConnection.computeIfAbsent(connection, c -> new LinkedHashSet<>()).add(session);
        members.merge(key.groupId(), 1, Integer::sum);
        return session;
    }

    /** Checks the epoch of a request that is not the first, and expects the next one where it is right. */
    Errors advance(ShareSession.Key key, int epoch) {
        ShareSession session = sessions.get(key);
        if (session == null) {
            return Errors.SHARE_SESSION_NOT_FOUND;
        }
        if (epoch == ShareSession.FINAL_EPOCH) {
            return Errors.NONE;
        }
        if (session.epoch() != epoch) {
            return Errors.INVALID_SHARE_SESSION_EPOCH;
        }
        session.advance();
        return Errors.NONE;
    }

    /** Ends a session. */
    void end(ShareSession session) {
        if (sessions.get(session.key()) == session) {
            forget(session);
            ended.accept(session);
        }
    }

    private void forget(ShareSession session) {
        sessions.remove(session.key());
        members.computeIfPresent(session.key().groupId(), (group, count) -> count == 1 ? null : count - 1);
        byConnection.computeIfPresent(session.connection(), (connection, of) -> {
            of.remove(session);
            return of.isEmpty() ? null : of;
        });
    }

    /** Ends the sessions of a connection. */
    void closed(Connection connection) {
        List.copyOf(byConnection.getOrDefault(connection, Set.of())).forEach(this::end);
    }
}
