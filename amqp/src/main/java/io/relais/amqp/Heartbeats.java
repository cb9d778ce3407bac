// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.relais.broker.runtime.Owner;
import io.relais.broker.runtime.Owner.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Heartbeats of a connection, both ways (AMQP 0-9-1 4.2.7): sends one after half an interval without another frame, and gives the peer up after two intervals without
 * a byte. While the connection is not read, its silence says nothing.
 *
 * <p>Thread: the owner.
 */
final class Heartbeats {
    private static final int TICKS_UNTIL_LOST = 4;

    /** What they keep alive. */
    interface Peer {
        /** Whether anything was sent since the last call. */
        boolean takeSent();

        boolean isRead();

        void sendHeartbeat();

        void lost(int heartbeatSeconds);
    }

    private final Owner owner;
    private final Peer peer;
    private final int intervalSeconds;
    private @Nullable Timer timer;
    private int silentTicks;

    /** @param intervalSeconds as negotiated; 0 for none */
    Heartbeats(Owner owner, Peer peer, int intervalSeconds) {
        this.owner = owner;
        this.peer = peer;
        this.intervalSeconds = intervalSeconds;
    }

    void start() {
        if (intervalSeconds > 0) {
            timer = owner.schedule(intervalSeconds * 500L, this::tick);
        }
    }

    private void tick() {
        timer = owner.schedule(intervalSeconds * 500L, this::tick);
        if (!peer.takeSent()) {
            peer.sendHeartbeat();
        }
        silentTicks = peer.isRead() ? silentTicks + 1 : 0;
        if (silentTicks > TICKS_UNTIL_LOST) {
            stop();
            peer.lost(intervalSeconds);
        }
    }

    /** Something arrived. */
    void received() {
        silentTicks = 0;
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
