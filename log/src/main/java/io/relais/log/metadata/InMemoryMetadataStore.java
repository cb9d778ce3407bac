// SPDX-License-Identifier: Apache-2.0
package io.relais.log.metadata;

import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Metadata in memory, for simulations and for brokers that keep nothing: the same contract as {@link MvMetadataStore}, and crashes on demand.
 *
 * <p>Thread: as {@link LocalMetadataStore}; on a thread of the test's own with an executor that runs tasks at once or by hand.
 */
public final class InMemoryMetadataStore extends LocalMetadataStore {
    private final KeyTable.InMemory keys;
    private final Executor executor;

    public InMemoryMetadataStore(Executor executor) {
        this(new KeyTable.InMemory(), executor);
    }

    private InMemoryMetadataStore(KeyTable.InMemory keys, Executor executor) {
        super(keys, executor);
        this.keys = keys;
        this.executor = executor;
    }

    /**
     * What the next process finds: everything acknowledged, of the requests that still wait as many as chance wants, and no ephemeral key.
     * This store answers no request any more.
     */
    public InMemoryMetadataStore crash(RandomGenerator random) {
        KeyTable.InMemory left = keys.copy();
        replay(random.nextInt(waitingCount() + 1), new SessionTable(left));
        abandon();
        return new InMemoryMetadataStore(left, executor);
    }

    @Override
    void commit() {}

    @Override
    void closeTable() {}
}
