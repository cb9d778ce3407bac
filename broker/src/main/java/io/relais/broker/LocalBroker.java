// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import io.relais.broker.runtime.Owner;
import io.relais.broker.security.Authenticator;
import io.relais.broker.security.SecurityOptions;
import io.relais.broker.security.User;
import io.relais.broker.store.DurabilityListener;
import io.relais.broker.store.Shard;
import io.relais.log.LogStore;
import io.relais.log.metadata.MetadataStore;
import org.jspecify.annotations.Nullable;

/**
 * The broker on one machine: one shard, one owner.
 *
 * <p>Thread: the owner, but for {@link #start}.
 */
public final class LocalBroker implements Broker {
    private final BrokerContext context;
    private final BrokerOptions options;
    private final Authenticator authenticator;
    private final Alarms alarms;
    private final Administration administration;
    private final Map<String, VirtualHost> vhosts = new TreeMap<>();
    private long sessionCount;

    LocalBroker(BrokerContext context, BrokerOptions options, Authenticator authenticator, Alarms alarms,
            Executor io, SecurityOptions security) {
        this.context = context;
        this.options = options;
        this.authenticator = authenticator;
        this.alarms = alarms;
        this.administration = Administration.of(this, io, security);
    }

    /**
     * Starts a broker on what a store holds. Creates the virtual host {@code /} and the user {@code guest} where there is no virtual host yet. Thread: any; completes on the owner thread, or
     * fails where the storage cannot be read.
     *
     * @param io where slow work is done: deriving keys from passwords
     */
    public static CompletionStage<LocalBroker> start(Owner owner, LogStore logs, MetadataStore metadata, Executor io,
            BrokerOptions options, PropertiesCodec codec, SecurityOptions security) {
        return new BrokerStart(owner, logs, metadata, io, options, codec, security).start();
    }

    @Override
    public void login(String user, byte[] password, boolean loopback, Reply<Identity> reply) {
        authenticator.login(user, password, loopback, reply);
    }

    @Override
    public void open(Identity identity, String vhost, ConnectionInfo connection, Reply<Session> reply) {
        VirtualHost host = vhosts.get(vhost);
        if (host == null) {
            reply.refused(new Refusal.NotAllowed("vhost " + vhost + " not found"));
            return;
        }
        if (context.access().permission(identity.user(), vhost) == null) {
            reply.refused(new Refusal.NotAllowed(
                    "access to vhost '" + vhost + "' refused for user '" + identity.user() + "'"));
            return;
        }
        LocalSession session = new LocalSession(++sessionCount, identity.user(), connection, host, this);
        host.sessions().add(session);
        reply.done(session);
    }

    @Override
    public void whenDurable(long ticket, DurabilityListener listener) {
        if (ticket == 0 || !context.metadata().pending()) {
            context.shard().whenDurable(ticket, listener);
            return;
        }
        // What the message was routed by may still be on its way to the disk: a confirm must not outrun it.
        context.metadata().whenDurable(new DurabilityListener() {
            @Override
            public void durable() {
                context.shard().whenDurable(ticket, listener);
            }

            @Override
            public void failed(String why) {
                listener.failed(why);
            }
        });
    }

    @Override
    public boolean saturated() {
        return context.shard().saturated();
    }

    @Override
    public void whenRelieved(Runnable action) {
        context.shard().whenRelieved(action);
    }

    @Override
    public @Nullable String blockedReason() {
        return alarms.text();
    }

    @Override
    public void onBlocked(BlockListener listener) {
        alarms.add(listener);
    }

    @Override
    public void removeBlockListener(BlockListener listener) {
        alarms.remove(listener);
    }

    @Override
    public BrokerOptions options() {
        return options;
    }

    /** A user; null where there is none of that name. */
    public @Nullable User user(String name) {
        return context.access().user(name);
    }

    /** The alarms that block publishers, for those who watch disk and memory. */
    public Alarms alarms() {
        return alarms;
    }

    /** Users, virtual hosts, permissions, listings. */
    public Administration administration() {
        return administration;
    }

    /** The shard, for metrics. */
    public Shard shard() {
        return context.shard();
    }

    /** Writes what is pending and closes the storage of messages. Connections are closed before. The stores are the caller's to close. */
    public CompletionStage<@Nullable Void> close() {
        CompletableFuture<@Nullable Void> written = new CompletableFuture<>();
        context.metadata().whenDurable(new DurabilityListener() {
            @Override
            public void durable() {
                written.complete(null);
            }

            @Override
            public void failed(String why) {
                written.complete(null);
            }
        });
        return written.thenCompose(done -> context.shard().close());
    }

    BrokerContext context() {
        return context;
    }

    @Nullable
    VirtualHost vhost(String name) {
        return vhosts.get(name);
    }

    Collection<VirtualHost> vhosts() {
        return Collections.unmodifiableCollection(vhosts.values());
    }

    VirtualHost addVhost(String name) {
        return vhosts.computeIfAbsent(name, missing -> new VirtualHost(missing, context));
    }

    void removeVhost(String name) {
        vhosts.remove(name);
    }
}
