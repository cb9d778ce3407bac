// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.wire;

import io.netty.buffer.ByteBuf;

/** Hears of connections, and decides which requests they may make. Thread: the owner. */
public interface ConnectionListener {

    void opened(Connection connection);

    void closed(Connection connection);

    /**
     * Whether a request goes to its handler. Where not, this has answered it or will.
     */
    boolean admits(Request request);

    /**
     * Takes a frame that is no request: a bare token of an old authentication. Returns false for any other, which stays the caller's.
     */
    default boolean takes(Connection connection, ByteBuf frame) {
        return false;
    }

    /** Which limits there are for clients. */
    default Quotas quotas() {
        return Quotas.NONE;
    }
}
