// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.relais.server.config.Config;
import io.relais.server.config.ConfigurationException;
import io.relais.server.config.Transport;

/**
 * The event loops: the owner's, and those of the sockets. With {@code network.threads} 1 they are one and the same.
 */
final class EventLoops {
    private final EventLoopGroup owner;
    private final EventLoopGroup sockets;
    private final boolean shared;
    private final Class<? extends ServerChannel> listenerType;

    private EventLoops(EventLoopGroup owner, EventLoopGroup sockets, boolean shared,
            Class<? extends ServerChannel> listenerType) {
        this.owner = owner;
        this.sockets = sockets;
        this.shared = shared;
        this.listenerType = listenerType;
    }

    /** @throws ConfigurationException where the system does not have the transport that was asked for */
    static EventLoops start(Config.Network network) {
        return switch (network.transport()) {
            case AUTO -> Epoll.isAvailable() ? epoll(network.threads()) : nio(network.threads());
            case NIO -> nio(network.threads());
            case EPOLL -> {
                require(Epoll.isAvailable(), Transport.EPOLL);
                yield epoll(network.threads());
            }
            case IO_URING -> {
                require(IoUring.isAvailable(), Transport.IO_URING);
                yield start(network.threads(), IoUringIoHandler.newFactory(), IoUringServerSocketChannel.class);
            }
        };
    }

    private static void require(boolean available, Transport transport) {
        if (!available) {
            throw new ConfigurationException("network.transport: this system does not offer "
                    + transport.name().toLowerCase(Locale.ROOT) + "; auto chooses what works");
        }
    }

    private static EventLoops epoll(int threads) {
        return start(threads, EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
    }

    private static EventLoops nio(int threads) {
        return start(threads, NioIoHandler.newFactory(), NioServerSocketChannel.class);
    }

    private static EventLoops start(int threads, IoHandlerFactory handlers, Class<? extends ServerChannel> type) {
        EventLoopGroup owner = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("relais-owner"), handlers);
        EventLoopGroup sockets = threads == 1
                ? owner
                : new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("relais-sockets"), handlers);
        return new EventLoops(owner, sockets, threads == 1, type);
    }

    /** The loop that runs the broker. */
    EventLoop owner() {
        return owner.next();
    }

    /** The loops that accept connections. */
    EventLoopGroup acceptors() {
        return owner;
    }

    /** The loops that read and write sockets. */
    EventLoopGroup sockets() {
        return sockets;
    }

    /** Whether the owner's loop does the sockets' work too. */
    boolean shared() {
        return shared;
    }

    Class<? extends ServerChannel> listenerType() {
        return listenerType;
    }

    /** Ends all loops; waits at most so long. */
    void stop(Duration timeout) {
        sockets.shutdownGracefully(0, timeout.toMillis(), TimeUnit.MILLISECONDS);
        owner.shutdownGracefully(0, timeout.toMillis(), TimeUnit.MILLISECONDS);
        owner.terminationFuture().awaitUninterruptibly(timeout.toMillis());
        sockets.terminationFuture().awaitUninterruptibly(timeout.toMillis());
    }
}
