// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import io.relais.broker.BrokerOptions;
import io.relais.broker.Message;
import io.relais.broker.queue.Route;
import io.relais.broker.runtime.Owner;
import io.relais.log.LogStore;

/** A set of queue logs with one owner and one journal. Thread: the owner. */
public final class Shard {

    /** {@link #publish} returns this where a full queue refused the message; nothing was appended anywhere. */
    public static final long REJECTED = -1;

    /**
     * Opens the shard and replays its journal.
     *
     * @param number    of the shard
     * @param epoch     higher than at every earlier opening
     * @param durable   numbers of the logs that exist; what the journal holds of others is dropped
     * @param io        for blocking reads and copies
     */
    public static CompletionStage<Shard> open(int number, long epoch, LogStore logs, Owner owner, Executor io,
            BrokerOptions options, Set<Long> durable) {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends a message to every queue of a route.
     *
     * @return a ticket for {@link #whenDurable}, 0 where nothing has to be waited for, or {@link #REJECTED}
     */
    public long publish(Route route, Message message) {
        throw new UnsupportedOperationException();
    }

    /** Calls back on the owner thread once everything up to {@code ticket} is durable, or the storage has failed. */
    public void whenDurable(long ticket, DurabilityListener listener) {
        throw new UnsupportedOperationException();
    }

    /** Whether publishers should pause: too much is on its way to the disk. */
    public boolean saturated() {
        throw new UnsupportedOperationException();
    }

    /** Runs once, when the shard is no longer saturated. */
    public void whenRelieved(Runnable action) {
        throw new UnsupportedOperationException();
    }

    /** Journals what is pending, waits for the disk, and closes. */
    public CompletionStage<Void> close() {
        throw new UnsupportedOperationException();
    }
}
