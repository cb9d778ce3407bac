// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import io.relais.broker.runtime.Owner;
import io.relais.kafka.topic.Topics;
import org.apache.kafka.server.share.persister.Persister;

/** Where share groups keep what has become of records. Built before the group coordinator, which uses it too. Thread: the owner. */
public final class ShareState {
    private final StateStore store;
    private final Persister persister;

    public ShareState(Topics topics, Owner owner) {
        store = new StateStore(new StateTopic(topics, owner));
        persister = new SharePersister(store, topics, owner);
    }

    StateStore store() {
        return store;
    }

    /** As Kafka's group coordinator wants it. Thread: any. */
    public Persister persister() {
        return persister;
    }
}
