// SPDX-License-Identifier: Apache-2.0
package io.relais.log.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.relais.log.metadata.MetadataStore.Versioned;

/** A session in the process that holds the store: it lives until one of the two is closed. Thread: any. */
final class LocalSession implements MetadataStore.Session {
    private final LocalMetadataStore store;
    private final List<Runnable> actions = new ArrayList<>();
    private volatile boolean over;

    LocalSession(LocalMetadataStore store) {
        this.store = store;
    }

    @Override
    public CompletionStage<Long> putEphemeral(String key, byte[] value) {
        Changes.checkSize(key, value);
        return store.submit("put " + key, (keys, changed) -> {
            Changes.check(key, keys.get(key), over ? Long.MIN_VALUE : MetadataStore.ABSENT);
            long version = keys.nextVersion();
            keys.putEphemeral(key, new Versioned(value.clone(), version), this);
            changed.add(key);
            return version;
        });
    }

    @Override
    public boolean aliveAt(long nowNs) {
        return !over;
    }

    @Override
    public void onExpired(Runnable action) {
        synchronized (actions) {
            if (!over) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    @Override
    public void close() {
        if (expire()) {
            store.submit("end a session", (keys, changed) -> {
                for (String key : keys.heldBy(this)) {
                    keys.remove(key);
                    changed.add(key);
                }
                return true;
            });
        }
    }

    boolean expire() {
        List<Runnable> last;
        synchronized (actions) {
            if (over) {
                return false;
            }
            over = true;
            last = List.copyOf(actions);
        }
        store.ended(this);
        last.forEach(Runnable::run);
        return true;
    }
}
