// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import io.relais.broker.runtime.Owner;
import io.relais.log.metadata.MetadataStore;
import io.relais.log.metadata.MetadataStore.Versioned;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives out producer ids, none ever twice in the life of a data folder: whole blocks of them are set aside durably before the first of a block is given out (as KIP-730 does). What is left of a block is lost with
 * the process.
 *
 * <p>Thread: the owner. Bounds: who waits for a block is a request, of which connections have a bounded number.
 */
final class ProducerIds {
    /** Ids that are set aside at once. */
    static final int BLOCK = 1000;

    /** Ids that must be at hand when a request is begun: it needs two at most. */
    private static final int RESERVE = 2;

    private static final Logger LOG = LoggerFactory.getLogger(ProducerIds.class);
    private static final String KEY = "/kafka/next-producer-id";

    private final MetadataStore store;
    private final Owner owner;
    private final Deque<ErrorListener> waiting = new ArrayDeque<>();
    private long next;
    private long end;
    private boolean reserving;

    ProducerIds(MetadataStore store, Owner owner) {
        this.store = store;
        this.owner = owner;
    }

    /** Calls back once ids are at hand, at once where they are. */
    void whenReady(ErrorListener listener) {
        if (end - next >= RESERVE) {
            listener.done(Errors.NONE);
        } else {
            waiting.add(listener);
            reserve();
        }
    }

    /** An id. To be asked for only when {@link #whenReady} called back, twice at most. */
    long next() {
        if (next == end) {
            throw new IllegalStateException("no producer id is set aside");
        }
        return next++;
    }

    private void reserve() {
        if (reserving) {
            return;
        }
        reserving = true;
        store.get(KEY).thenCompose(this::setAside)
                .whenComplete((first, error) -> owner.execute(() -> reserved(first, error)));
    }

    private CompletionStage<Long> setAside(Optional<Versioned> stored) {
        long first = stored.map(value -> ByteBuffer.wrap(value.value()).getLong()).orElse(0L);
        byte[] after = ByteBuffer.allocate(Long.BYTES).putLong(first + BLOCK).array();
        return store.put(KEY, after, stored.map(Versioned::version).orElse(MetadataStore.ABSENT))
                .thenApply(version -> first);
    }

    private void reserved(@org.jspecify.annotations.Nullable Long first,
            @org.jspecify.annotations.Nullable Throwable error) {
        reserving = false;
        Errors outcome = Errors.NONE;
        if (first == null) {
            LOG.error("no producer ids can be set aside", error);
            outcome = Errors.COORDINATOR_NOT_AVAILABLE;
        } else {
            next = first;
            end = first + BLOCK;
        }
        Deque<ErrorListener> told = new ArrayDeque<>(waiting);
        waiting.clear();
        for (ErrorListener each : told) {
            if (outcome == Errors.NONE) {
                whenReady(each);
            } else {
                each.done(outcome);
            }
        }
    }
}
