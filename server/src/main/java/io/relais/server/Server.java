// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.relais.log.Damage;
import io.relais.server.config.Config;
import io.relais.server.listen.Listen;
import io.relais.server.listen.Ports;

/** A running broker. */
public final class Server implements AutoCloseable {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final EventLoops loops;
    private final Listen amqp;

    private Server(EventLoops loops, Listen amqp) {
        this.loops = loops;
        this.amqp = amqp;
    }

    public static Server start(Config config) {
        EventLoops loops = EventLoops.start(config.network());
        Listen.At at = (Listen.At) config.amqp().listen();
        ChannelFuture bound = new ServerBootstrap().group(loops.owner(), loops.sockets()).channel(loops.listenerType())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                    }
                }).bind(Ports.address("amqp", at)).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            loops.stop(config.stopTimeout());
            throw Ports.failure("amqp", at, cause);
        }
        return new Server(loops, Listen.at(at.host(), ((InetSocketAddress) bound.channel().localAddress()).getPort()));
    }

    public Listen amqp() {
        return amqp;
    }

    public List<Damage> damages() {
        return List.of();
    }

    @Override
    public void close() {
        loops.stop(java.time.Duration.ofSeconds(1));
        closed.countDown();
    }

    public void awaitClosed() throws InterruptedException {
        closed.await();
    }
}
