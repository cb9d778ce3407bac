// SPDX-License-Identifier: Apache-2.0
package io.relais.log.metadata;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Small, linearizable keys and values: queues, exchanges, bindings, users, epochs. Keys are paths such as {@code /vhosts/x/queues/y}, their parts percent-encoded by the caller.
 * Values have at most 256 KiB; a store is made for about a million keys.
 *
 * <p>Thread: any. Stages complete on a thread of the driver once the change is durable.
 */
public interface MetadataStore extends AutoCloseable {

    /** Version to give {@link #put} for a key that must not exist yet. */
    long ABSENT = -1;

    /** Version to give {@link #put} and {@link #delete} where any will do. */
    long ANY = -2;

    record Versioned(byte[] value, long version) {}

    /** One key of a listing. */
    record Item(String key, byte[] value, long version) {}

    CompletionStage<Optional<Versioned>> get(String key);

    /** All keys that begin with {@code prefix}, sorted. */
    CompletionStage<List<Item>> scan(String prefix);

    /**
     * Compare and set.
     *
     * @param expected the version the key must have, {@link #ABSENT} or {@link #ANY}
     * @return the new version; fails with {@link MetadataException.VersionConflict}, or with
     *         {@link MetadataException.OutcomeUnknown}, after which the caller reads back
     */
    CompletionStage<Long> put(String key, byte[] value, long expected);

    /** Deletes a key; fails as {@link #put} does. Deleting an absent key with {@link #ANY} succeeds. */
    CompletionStage<Void> delete(String key, long expected);

    /** Several changes, all or none, in order. */
    CompletionStage<Void> apply(List<Change> changes);

    /** One change of {@link #apply}. */
    sealed interface Change {
        String key();

        record Put(String key, byte[] value, long expected) implements Change {}

        record Delete(String key, long expected) implements Change {}
    }

    /** Tells of changes below a prefix. Events may be merged: the listener reads again. Closing the result ends it. */
    AutoCloseable watch(String prefix, Consumer<String> changedKey);

    Session openSession(Duration ttl);

    /** Holds keys that vanish when their holder does. */
    interface Session extends AutoCloseable {
        /** Fails with {@link MetadataException.VersionConflict} if the key exists. */
        CompletionStage<Long> putEphemeral(String key, byte[] value);

        /** Whether the session is certainly alive at a moment of the monotonic clock. */
        boolean aliveAt(long nowNs);

        /** Runs once when the session is over: its holder gives up what it owns. */
        void onExpired(Runnable action);

        @Override
        void close();
    }

    @Override
    void close();
}
