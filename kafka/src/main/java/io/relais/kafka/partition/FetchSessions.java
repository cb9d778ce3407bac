// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import io.relais.broker.runtime.Clock;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of all fetching clients (KIP-227).
 *
 * <p>Thread: the owner. Bounds: {@value #SESSIONS_MAX} sessions with {@value #PARTITIONS_MAX} partitions together. Where that is reached, one that was not used for {@value #EVICTABLE_MS} ms makes place; where there
 * is none, the client goes on without a session.
 */
final class FetchSessions {
    static final int SESSIONS_MAX = 2_000;
    static final int PARTITIONS_MAX = 1_000_000;
    static final long EVICTABLE_MS = 120_000;

    /** The id of no session; epochs that begin one, and end one. */
    static final int NO_SESSION = 0;
    static final int INITIAL_EPOCH = 0;
    static final int FINAL_EPOCH = -1;

    private static final int STEP = 0x9E3779B1; // spreads ids, and is odd: none comes twice in 2^32

    private final Clock clock;
    private final Map<Integer, FetchSession> sessions = new LinkedHashMap<>(16, 0.75f, true);
    private long partitions;
    private int lastId;

    FetchSessions(Clock clock) {
        this.clock = clock;
        this.lastId = Long.hashCode(clock.nowMs() * STEP);
    }

    /** The session of a request that goes on with one. */
    record Found(@Nullable FetchSession session, Errors error) {}

    /** Finds the session that an incremental request goes on with, or says why it cannot. */
    Found find(int id, int epoch, boolean byTopicId) {
        FetchSession session = sessions.get(id);
        if (session == null) {
            return new Found(null, Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (session.epoch() != epoch) {
            return new Found(null, Errors.INVALID_FETCH_SESSION_EPOCH);
        }
        if (session.isByTopicId() != byTopicId) {
            return new Found(null, Errors.FETCH_SESSION_TOPIC_ID_ERROR);
        }
        return new Found(session, Errors.NONE);
    }

    /** Counts the partitions of a session that was updated. */
    void resized(int before, int after) {
        partitions += after - before;
    }

    void remove(int id) {
        FetchSession session = sessions.remove(id);
        if (session != null) {
            partitions -= session.size();
        }
    }

    /** Begins a session; null where there is no place for one. */
    @Nullable
    FetchSession create(boolean byTopicId, Collection<FetchTarget> targets) {
        while (sessions.size() >= SESSIONS_MAX || partitions + targets.size() > PARTITIONS_MAX) {
            if (!evictOldest()) {
                return null;
            }
        }
        FetchSession session = new FetchSession(freshId(), byTopicId, targets, clock.nowMs());
        sessions.put(session.id(), session);
        partitions += session.size();
        return session;
    }

    private boolean evictOldest() {
        var oldest = sessions.values().iterator();
        if (!oldest.hasNext()) {
            return false;
        }
        FetchSession session = oldest.next();
        if (clock.nowMs() - session.lastUsedMs() < EVICTABLE_MS) {
            return false;
        }
        remove(session.id());
        return true;
    }

    private int freshId() {
        do {
            lastId += STEP;
        } while (lastId <= 0 || sessions.containsKey(lastId));
        return lastId;
    }

    int count() {
        return sessions.size();
    }
}
