// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import io.relais.broker.store.DurabilityListener;
import org.jspecify.annotations.Nullable;

/** The broker as front ends see it. Thread: the owner, unless said otherwise. */
public interface Broker {

    /** A user whose password was right. */
    record Identity(String user) {}

    /** Checks a password; slow work is done elsewhere. Refused with AccessRefused. */
    void login(String user, byte[] password, boolean loopback, Reply<Identity> reply);

    /** Opens a virtual host for a user. Refused with NotAllowed where there is none, or no access to it. */
    void open(Identity identity, String vhost, ConnectionInfo connection, Reply<Session> reply);

    /** Calls back once everything up to {@code ticket} is durable. */
    void whenDurable(long ticket, DurabilityListener listener);

    /** Whether publishing connections should not be read for now: too much is on its way to the disk. */
    boolean saturated();

    /** Runs once, when that is over. */
    void whenRelieved(Runnable action);

    /** Why publishers are blocked (memory, disk, a failed storage); null where they are not. */
    @Nullable
    String blockedReason();

    /** Told at every change of {@link #blockedReason}. */
    void onBlocked(BlockListener listener);

    void removeBlockListener(BlockListener listener);

    /** Hears of alarms. */
    interface BlockListener {
        void blocked(@Nullable String reason);
    }

    BrokerOptions options();
}
