// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import io.relais.broker.security.AccessControl;
import io.relais.broker.security.AccessControl.Place;
import io.relais.broker.security.PasswordHash;
import io.relais.broker.security.Permission;
import io.relais.broker.security.SecurityOptions;
import io.relais.broker.security.User;
import io.relais.log.metadata.MetadataStore;
import org.jspecify.annotations.Nullable;

/**
 * What an operator does to users, virtual hosts, permissions and connections. On a running broker ({@link LocalBroker#administration}), or on its metadata while none runs ({@link #offline}).
 *
 * <p>Thread: the owner, which offline is any one thread that waits for each reply; replies come on a thread of the store there.
 */
public final class Administration {
    private static final int NAME_MAX_CHARACTERS = 255;

    private final AccessControl access;
    private final VhostRegistry vhosts;
    private final MetadataWriter metadata;
    private final Inventory inventory;
    private final Executor owner;
    private final Executor hashing;
    private final SecurityOptions security;
    private final @Nullable LocalBroker broker;

    /** A user, without the password. */
    public record UserInfo(String name, List<String> tags) {}

    /** What a user may do in a virtual host, as regular expressions. */
    public record PermissionInfo(String vhost, String user, String configure, String write, String read) {}

    private Administration(AccessControl access, VhostRegistry vhosts, MetadataWriter metadata, Inventory inventory,
            Executor owner, Executor hashing, SecurityOptions security, @Nullable LocalBroker broker) {
        this.access = access;
        this.vhosts = vhosts;
        this.metadata = metadata;
        this.inventory = inventory;
        this.owner = owner;
        this.hashing = hashing;
        this.security = security;
        this.broker = broker;
    }

    static Administration of(LocalBroker broker, Executor hashing, SecurityOptions security) {
        BrokerContext context = broker.context();
        return new Administration(context.access(), VhostRegistry.of(broker), context.metadata(),
                new LiveInventory(broker), context.owner()::execute, hashing, security, broker);
    }

    /** Administers the metadata of a broker that does not run. */
    public static CompletionStage<Administration> offline(MetadataStore store, SecurityOptions security) {
        return AccessStore.load(store, security)
                .thenApply(loaded -> new Administration(loaded.access(), VhostRegistry.of(store, loaded.vhosts()),
                        new MetadataWriter(store, Runnable::run, why -> {
                        }), new StoredInventory(store), Runnable::run, Runnable::run, security, null));
    }

    /** Queues, exchanges, bindings, connections, consumers. */
    public Inventory inventory() {
        return inventory;
    }

    // ---- users

    /** All users, by name. */
    public void users(Reply<List<UserInfo>> reply) {
        reply.done(access.users().stream().map(user -> new UserInfo(user.name(), user.tags())).toList());
    }

    /** Adds a user, who may do nothing yet. */
    public void addUser(String name, byte[] password, List<String> tags, Reply<@Nullable Void> reply) {
        if (isNewName("user", name, access.user(name) != null, reply)) {
            hash(password, hash -> {
                if (isNewName("user", name, access.user(name) != null, reply)) {
                    store(new User(name, hash, tags), reply);
                }
            });
        }
    }

    /**
     * Adds a user, or changes the password of one, by a hash that RabbitMQ exported.
     *
     * @param hash rabbit_password_hashing_sha256 in Base64
     */
    public void importUser(String name, String hash, List<String> tags, Reply<@Nullable Void> reply) {
        try {
            PasswordHash imported = PasswordHash.fromRabbitMq(hash);
            if (isName("user", name, reply)) {
                store(new User(name, imported, tags), reply);
            }
        } catch (IllegalArgumentException e) {
            reply.refused(new Refusal.PreconditionFailed("the password hash cannot be read: " + e.getMessage()));
        }
    }

    /** Gives a user another password. Connections that are open stay so. */
    public void changePassword(String name, byte[] password, Reply<@Nullable Void> reply) {
        if (user(name, reply) != null) {
            hash(password, hash -> {
                User user = user(name, reply);
                if (user != null) {
                    store(new User(name, hash, user.tags()), reply);
                }
            });
        }
    }

    /** Replaces the tags of a user. */
    public void setTags(String name, List<String> tags, Reply<@Nullable Void> reply) {
        User user = user(name, reply);
        if (user != null) {
            store(new User(name, user.password(), tags), reply);
        }
    }

    /** Deletes a user with all permissions, and closes the user's connections. */
    public void deleteUser(String name, Reply<@Nullable Void> reply) {
        if (user(name, reply) == null) {
            return;
        }
        Changes changes = new Changes();
        changes.delete(MetadataKeys.user(name));
        access.remove(name)
                .forEach(place -> changes.delete(MetadataKeys.permission(place.vhost(), place.user())));
        commit(changes, reply);
        if (broker != null) {
            broker.vhosts().stream().flatMap(vhost -> List.copyOf(vhost.sessions()).stream())
                    .filter(session -> session.user().equals(name)).toList()
                    .forEach(session -> session.requestClose("user '" + name + "' was deleted"));
        }
    }

    private void hash(byte[] password, java.util.function.Consumer<PasswordHash> then) {
        byte[] copy = password.clone();
        hashing.execute(() -> {
            PasswordHash hash = PasswordHash.pbkdf2(copy, security.pbkdf2Iterations(), security.random());
            owner.execute(() -> then.accept(hash));
        });
    }

    private void store(User user, Reply<@Nullable Void> reply) {
        access.put(user);
        Changes changes = new Changes();
        changes.put(MetadataKeys.user(user.name()), MetadataRecords.user(user));
        commit(changes, reply);
    }

    private @Nullable User user(String name, Reply<?> reply) {
        User user = access.user(name);
        if (user == null) {
            reply.refused(new Refusal.NotFound("there is no user '" + name + "'"));
        }
        return user;
    }

    // ---- virtual hosts

    /** All virtual hosts, by name. */
    public void vhosts(Reply<List<String>> reply) {
        reply.done(vhosts.names());
    }

    /** Adds a virtual host, which nobody may enter yet. */
    public void addVhost(String name, Reply<@Nullable Void> reply) {
        if (isNewName("virtual host", name, vhosts.names().contains(name), reply)) {
            vhosts.add(name);
            Changes changes = new Changes();
            changes.put(MetadataKeys.vhost(name), MetadataRecords.vhost(name));
            commit(changes, reply);
        }
    }

    /** Deletes a virtual host with all queues, messages, exchanges, bindings and permissions in it, and closes its connections. */
    public void deleteVhost(String name, Reply<@Nullable Void> reply) {
        if (!hasVhost(name, reply)) {
            return;
        }
        vhosts.remove(name).whenComplete((changes, error) -> {
            if (error != null) {
                reply.refused(new Refusal.StorageFailed("the metadata cannot be read: " + error.getMessage()));
                return;
            }
            changes.delete(MetadataKeys.vhost(name));
            access.removeVhost(name)
                    .forEach(place -> changes.delete(MetadataKeys.permission(place.vhost(), place.user())));
            commit(changes, reply);
        });
    }

    private boolean hasVhost(String name, Reply<?> reply) {
        boolean found = vhosts.names().contains(name);
        if (!found) {
            reply.refused(new Refusal.NotFound("there is no virtual host '" + name + "'"));
        }
        return found;
    }

    // ---- permissions

    /** All permissions, by virtual host and user. */
    public void permissions(Reply<List<PermissionInfo>> reply) {
        reply.done(access.permissions().entrySet().stream()
                .map(entry -> new PermissionInfo(entry.getKey().vhost(), entry.getKey().user(),
                        entry.getValue().configure(), entry.getValue().write(), entry.getValue().read()))
                .sorted(Comparator.comparing(PermissionInfo::vhost).thenComparing(PermissionInfo::user)).toList());
    }

    /** Lets a user into a virtual host, and says what they may do there, as {@link Permission} explains. */
    public void setPermission(PermissionInfo wanted, Reply<@Nullable Void> reply) {
        if (!hasVhost(wanted.vhost(), reply) || user(wanted.user(), reply) == null) {
            return;
        }
        Permission permission;
        try {
            permission = Permission.of(wanted.configure(), wanted.write(), wanted.read());
        } catch (IllegalArgumentException e) {
            reply.refused(new Refusal.PreconditionFailed(String.valueOf(e.getMessage())));
            return;
        }
        access.permit(new Place(wanted.user(), wanted.vhost()), permission);
        Changes changes = new Changes();
        changes.put(MetadataKeys.permission(wanted.vhost(), wanted.user()),
                MetadataRecords.permission(wanted.vhost(), wanted.user(), permission));
        commit(changes, reply);
    }

    /** Takes away all access to a virtual host. Succeeds where there was none. */
    public void clearPermission(String vhost, String user, Reply<@Nullable Void> reply) {
        if (!hasVhost(vhost, reply) || user(user, reply) == null) {
            return;
        }
        access.forbid(new Place(user, vhost));
        Changes changes = new Changes();
        changes.delete(MetadataKeys.permission(vhost, user));
        commit(changes, reply);
    }

    // ---- connections

    /** Asks a connection to end, with a reason that its client is told. */
    public void closeConnection(long number, String reason, Reply<@Nullable Void> reply) {
        LocalSession session = inventory instanceof LiveInventory live ? live.session(number) : null;
        if (session == null) {
            reply.refused(new Refusal.NotFound("there is no connection " + number));
            return;
        }
        session.requestClose(reason);
        reply.done(null);
    }

    // ----

    private void commit(Changes changes, Reply<@Nullable Void> reply) {
        metadata.submit(changes.list());
        metadata.<@Nullable Void>answer(reply, null);
    }

    private static boolean isNewName(String kind, String name, boolean taken, Reply<?> reply) {
        if (taken) {
            reply.refused(new Refusal.PreconditionFailed("there is a " + kind + " '" + name + "' already"));
            return false;
        }
        return isName(kind, name, reply);
    }

    private static boolean isName(String kind, String name, Reply<?> reply) {
        if (name.isEmpty() || name.length() > NAME_MAX_CHARACTERS) {
            reply.refused(new Refusal.PreconditionFailed(
                    "the name of a " + kind + " has 1 to " + NAME_MAX_CHARACTERS + " characters"));
            return false;
        }
        return true;
    }
}
