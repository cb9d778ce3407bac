// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

import io.relais.broker.LocalBroker;
import io.relais.broker.runtime.Owner;
import io.relais.kafka.admin.Volume;
import io.relais.log.LogStore;
import io.relais.log.metadata.MetadataStore;

/** Contexts for tests that need no front end. */
public final class Contexts {
    private Contexts() {}

    /** What a front end would have on these stores. */
    public static CompletableFuture<KafkaContext> on(LocalBroker broker, Owner owner, LogStore logs,
            MetadataStore metadata, Executor blocking, RandomGenerator random) {
        return new KafkaStart(broker, owner, logs, metadata, blocking, KafkaSettings.DEFAULT, random, Volume.UNKNOWN)
                .start().thenApply(KafkaStart.Parts::context).toCompletableFuture();
    }
}
