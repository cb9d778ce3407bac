// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.relais.server.listen.Listen;
import io.relais.server.listen.PortUnavailableException;
import io.relais.server.listen.Ports;

/**
 * A port that is ours. Clients can connect from the start, and wait in the system's queue until {@link #open}: so no port conflict comes to light after the data was recovered.
 */
final class Listener {
    private static final int BACKLOG = 1024;

    private final Channel channel;
    private final Listen.At at;
    private final ChannelGroup accepted = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final CompletableFuture<Consumer<Channel>> server = new CompletableFuture<>();

    private Listener(ServerBootstrap bootstrap, String front, Listen.At wanted) {
        bootstrap.childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel socket) {
                accepted.add(socket);
                server.join().accept(socket); // complete: nothing is accepted before open()
            }
        });
        ChannelFuture bound = bootstrap.bind(Ports.address(front, wanted)).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            throw Ports.failure(front, wanted, cause);
        }
        channel = bound.channel();
        at = new Listen.At(wanted.host(), port(channel.localAddress()));
    }

    /**
     * Takes a port.
     *
     * @throws PortUnavailableException where it cannot be had
     */
    static Listener bind(EventLoops loops, String front, Listen.At wanted) {
        ServerBootstrap bootstrap = new ServerBootstrap().group(loops.acceptors(), loops.sockets())
                .channel(loops.listenerType()).option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.AUTO_READ, false).childOption(ChannelOption.TCP_NODELAY, true);
        return new Listener(bootstrap, front, wanted);
    }

    private static int port(SocketAddress address) {
        return ((InetSocketAddress) address).getPort();
    }

    /** Where it listens, with the port that the system chose. */
    Listen.At at() {
        return at;
    }

    /** Begins to accept; {@code serve} takes each accepted socket. */
    void open(Consumer<Channel> serve) {
        server.complete(serve);
        channel.config().setAutoRead(true);
    }

    /** Accepts no more. */
    void close() {
        channel.close().awaitUninterruptibly();
    }

    /** Closes the sockets of clients that did not leave when they were asked to; waits at most so long. */
    void closeSockets(Duration atMost) {
        accepted.close().awaitUninterruptibly(atMost.toMillis());
    }
}
