// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import io.relais.broker.LocalBroker;
import io.relais.kafka.wire.Connection;
import io.relais.kafka.wire.Request;

/**
 * Decides when produce requests are handled. Beyond {@value #IN_FLIGHT_MAX_BYTES} bytes that are not answered yet, the connections that bring more are not read, until half of it is answered. While the
 * broker has an alarm (the disk is full, memory is short) requests wait here and their connections are not read: nothing is lost and nothing refused, producers wait and go on.
 *
 * <p>Thread: the owner. Bounds: while blocked, one read's worth of requests for each connection that is open.
 */
final class Admission {
    static final long IN_FLIGHT_MAX_BYTES = 64L << 20;

    private final LocalBroker broker;
    private final Consumer<Request> handler;
    private final Deque<Request> parked = new ArrayDeque<>();
    private final Set<Connection> paused = new LinkedHashSet<>();
    private long inFlightBytes;

    /** @param handler handles a request that was admitted */
    Admission(LocalBroker broker, Consumer<Request> handler) {
        this.broker = broker;
        this.handler = handler;
        broker.onBlocked(reason -> {
            if (reason == null) {
                unblocked();
            }
        });
    }

    void admit(Request request) {
        if (broker.blockedReason() != null) {
            park(request);
            return;
        }
        inFlightBytes += request.sizeBytes();
        if (inFlightBytes > IN_FLIGHT_MAX_BYTES && paused.add(request.connection())) {
            request.connection().pause();
        }
        handler.accept(request);
    }

    /** A request that was admitted is about to be answered. */
    void done(Request request) {
        inFlightBytes -= request.sizeBytes();
        if (inFlightBytes <= IN_FLIGHT_MAX_BYTES / 2 && !paused.isEmpty()) {
            List<Connection> all = new ArrayList<>(paused);
            paused.clear();
            all.forEach(Connection::resume);
        }
    }

    private void park(Request request) {
        parked.removeIf(each -> {
            if (each.isGone()) {
                each.noResponse();
            }
            return each.isGone();
        });
        parked.add(request);
        request.connection().pause();
    }

    private void unblocked() {
        List<Request> all = new ArrayList<>(parked);
        parked.clear();
        for (Request each : all) {
            each.connection().resume();
            if (each.isGone()) {
                each.noResponse();
            } else {
                admit(each);
            }
        }
    }

    long inFlightBytes() {
        return inFlightBytes;
    }
}
