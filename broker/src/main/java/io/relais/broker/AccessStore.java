// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.relais.broker.security.AccessControl;
import io.relais.broker.security.AccessControl.Place;
import io.relais.broker.security.PasswordHash;
import io.relais.broker.security.Permission;
import io.relais.broker.security.SecurityOptions;
import io.relais.broker.security.User;
import io.relais.log.metadata.MetadataStore;
import io.relais.log.metadata.MetadataStore.Item;

/** Reads users, permissions and virtual hosts. A store without any virtual host gets what RabbitMQ begins with: {@code /}, and the administrator {@code guest} with the password guest. */
final class AccessStore {
    private static final String DEFAULT_VHOST = "/";
    private static final String DEFAULT_USER = "guest";

    private AccessStore() {}

    /** What a store holds. */
    record Loaded(List<String> vhosts, AccessControl access) {}

    static CompletionStage<Loaded> load(MetadataStore store, SecurityOptions security) {
        return store.scan(MetadataKeys.VHOSTS).thenCompose(vhosts -> vhosts.isEmpty()
                ? createDefaults(store, security)
                : store.scan(MetadataKeys.USERS).thenCombine(store.scan(MetadataKeys.PERMISSIONS),
                        (users, permissions) -> read(vhosts, users, permissions)));
    }

    private static Loaded read(List<Item> vhosts, List<Item> users, List<Item> permissions) {
        AccessControl access = new AccessControl();
        users.forEach(item -> access.put(MetadataRecords.readUser(item.value())));
        permissions.stream().map(item -> MetadataRecords.readPermission(item.value()))
                .forEach(one -> access.permit(new Place(one.user(), one.vhost()), one.permission()));
        return new Loaded(vhosts.stream().map(item -> MetadataRecords.readVhost(item.value())).toList(), access);
    }

    private static CompletionStage<Loaded> createDefaults(MetadataStore store, SecurityOptions security) {
        // Its password is in every manual, so a quick hash protects no less, and the first login is fast.
        User guest = new User(DEFAULT_USER,
                PasswordHash.saltedSha256(DEFAULT_USER.getBytes(StandardCharsets.UTF_8), security.random()),
                List.of("administrator"));
        AccessControl access = new AccessControl();
        access.put(guest);
        access.permit(new Place(DEFAULT_USER, DEFAULT_VHOST), Permission.ALL);
        Changes changes = new Changes();
        changes.put(MetadataKeys.vhost(DEFAULT_VHOST), MetadataRecords.vhost(DEFAULT_VHOST));
        changes.put(MetadataKeys.user(DEFAULT_USER), MetadataRecords.user(guest));
        changes.put(MetadataKeys.permission(DEFAULT_VHOST, DEFAULT_USER),
                MetadataRecords.permission(DEFAULT_VHOST, DEFAULT_USER, Permission.ALL));
        CompletableFuture<Loaded> loaded = store.apply(changes.list())
                .thenApply(applied -> new Loaded(List.of(DEFAULT_VHOST), access)).toCompletableFuture();
        return loaded;
    }
}
