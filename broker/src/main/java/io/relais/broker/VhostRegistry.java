// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.relais.log.metadata.MetadataStore;
import io.relais.log.metadata.MetadataStore.Item;

/** The virtual hosts there are, and what goes with one: in a running broker, or in the metadata alone. */
interface VhostRegistry {

    List<String> names();

    void add(String name);

    /** Removes a virtual host; completes with the changes that remove what was in it. */
    CompletionStage<Changes> remove(String name);

    /** Those of a running broker. Thread: the owner. */
    static VhostRegistry of(LocalBroker broker) {
        return new VhostRegistry() {
            @Override
            public List<String> names() {
                return broker.vhosts().stream().map(VirtualHost::name).toList();
            }

            @Override
            public void add(String name) {
                broker.addVhost(name);
            }

            @Override
            public CompletionStage<Changes> remove(String name) {
                Changes changes = new Changes();
                VirtualHost vhost = broker.vhost(name);
                if (vhost != null) {
                    broker.removeVhost(name);
                    vhost.deleteAll(changes);
                    List.copyOf(vhost.sessions())
                            .forEach(session -> session.requestClose("vhost '" + name + "' is deleted"));
                }
                return CompletableFuture.completedFuture(changes);
            }
        };
    }

    /** Those of a store that no broker has open. */
    static VhostRegistry of(MetadataStore store, List<String> loaded) {
        TreeSet<String> names = new TreeSet<>(loaded);
        return new VhostRegistry() {
            @Override
            public List<String> names() {
                return List.copyOf(names);
            }

            @Override
            public void add(String name) {
                names.add(name);
            }

            @Override
            public CompletionStage<Changes> remove(String name) {
                names.remove(name);
                String part = MetadataKeys.escape(name) + "/";
                return store.scan(MetadataKeys.BINDINGS + part)
                        .thenCombine(store.scan(MetadataKeys.QUEUES + part), VhostRegistry::deletions)
                        .thenCombine(store.scan(MetadataKeys.EXCHANGES + part), (changes, exchanges) -> {
                            exchanges.forEach(item -> changes.delete(item.key()));
                            return changes;
                        });
            }
        };
    }

    private static Changes deletions(List<Item> some, List<Item> more) {
        Changes changes = new Changes();
        some.forEach(item -> changes.delete(item.key()));
        more.forEach(item -> changes.delete(item.key()));
        return changes;
    }
}
