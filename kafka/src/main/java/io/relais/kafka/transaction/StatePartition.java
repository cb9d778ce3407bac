// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The transactional ids of one partition of {@code __transaction_state}: in memory what its log holds.
 *
 * <p>Thread: the owner. Bounds: ids that nobody uses expire; requests that come while it is read are bounded by {@link #WAITING_MAX}, then they are told to come again.
 */
final class StatePartition {
    /** Requests that wait until the partition is read. */
    static final int WAITING_MAX = 10_000;

    private final StateLog log;
    private final List<ErrorListener> waiting = new ArrayList<>();
    private Map<String, TransactionalId> ids = new HashMap<>();
    private @Nullable Errors outcome;

    StatePartition(StateLog log) {
        this.log = log;
    }

    /** Reads the log. Called once. */
    void load() {
        StateRecords.Reader reader = new StateRecords.Reader();
        log.load(reader, error -> {
            ids = reader.ids();
            outcome = error;
            List<ErrorListener> told = List.copyOf(waiting);
            waiting.clear();
            told.forEach(each -> each.done(error));
        });
    }

    /** Calls back when it is read, at once where it is. */
    void whenLoaded(ErrorListener listener) {
        Errors known = outcome;
        if (known != null) {
            listener.done(known);
        } else if (waiting.size() >= WAITING_MAX) {
            listener.done(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        } else {
            waiting.add(listener);
        }
    }

    boolean isLoaded() {
        return outcome == Errors.NONE;
    }

    @Nullable
    TransactionalId find(String id) {
        return ids.get(id);
    }

    void add(TransactionalId id) {
        ids.put(id.id(), id);
    }

    Collection<TransactionalId> ids() {
        return Collections.unmodifiableCollection(ids.values());
    }

    /** Records a move that was decided, and makes it when that is durable. */
    void move(TransactionalId id, TxnTransitMetadata next, long nowMs, ErrorListener done) {
        log.append(StateRecords.state(id.id(), next, nowMs), error -> {
            if (error == Errors.NONE) {
                id.moved(next);
            } else {
                id.failed();
            }
            done.done(error);
            id.settled();
        });
    }

    /** Forgets ids. */
    void forget(List<TransactionalId> expired, long nowMs) {
        expired.forEach(TransactionalId::expire);
        log.append(StateRecords.forgotten(expired.stream().map(TransactionalId::id).toList(), nowMs), error -> {
            for (TransactionalId each : expired) {
                if (error == Errors.NONE) {
                    ids.remove(each.id());
                } else {
                    each.failed();
                }
                each.settled();
            }
        });
    }
}
