// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import io.relais.broker.Broker;
import io.relais.broker.runtime.Owner;

/**
 * The AMQP 0-9-1 front end: serves the channels (sockets) that it is given.
 *
 * <p>Thread: {@link #attach} is for any; everything else for the owner.
 */
public final class AmqpFrontEnd {
    private final AmqpContext context;
    private final EventExecutor ownerExecutor;
    private final Connections connections = new Connections();

    /**
     * @param ownerExecutor the event loop that is the owner's thread
     * @param random        for consumer tags
     */
    public AmqpFrontEnd(Broker broker, Owner owner, EventExecutor ownerExecutor, AmqpSettings settings,
            RandomGenerator random) {
        this.context = new AmqpContext(broker, owner, settings, ServerProperties.of(settings), random,
                new KnownClients());
        this.ownerExecutor = ownerExecutor;
    }

    /** Serves a socket, from its first byte on. What must come before AMQP (TLS) is in its pipeline already. Thread: any. */
    @SuppressWarnings("deprecation") // handlers on another event loop than their socket's: Netty 4.2 discourages them, and offers nothing instead
    public void attach(Channel channel) {
        channel.pipeline().addLast(ownerExecutor, "amqp", new ConnectionHandler(context, connections));
    }

    /** The connections there are, oldest first. */
    public List<ConnectionSummary> connections() {
        return connections.all().stream().map(AmqpConnection::summary).toList();
    }

    /**
     * Closes a connection with 320 CONNECTION_FORCED.
     *
     * @return false where there is none with that name
     */
    public boolean close(String name, String reason) {
        List<AmqpConnection> named = connections.all().stream().filter(c -> c.name().equals(name)).toList();
        named.forEach(connection -> connection.force(reason));
        return !named.isEmpty();
    }

    /** Closes all connections with 320 CONNECTION_FORCED, for the end of the process. Completes once the last one has gone, after ten seconds at the latest. */
    public CompletionStage<Void> closeAll(String reason) {
        connections.all().forEach(connection -> connection.force(reason));
        return connections.whenNone();
    }
}
