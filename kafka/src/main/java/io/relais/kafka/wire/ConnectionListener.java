// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.wire;

/** Hears of connections, and decides which requests they may make. Thread: the owner. */
public interface ConnectionListener {

    void opened(Connection connection);

    void closed(Connection connection);

    /**
     * Whether a request goes to its handler. Where not, this has answered it or will.
     */
    boolean admits(Request request);

    /** Which limits there are for clients. */
    default Quotas quotas() {
        return Quotas.NONE;
    }
}
