// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.relais.broker.runtime.Clock;
import io.relais.broker.runtime.Owner;

/**
 * The owner thread as one Netty event loop. A loop handles all input that is ready, then its tasks: so {@link #execute} is the end of a round.
 */
final class NettyOwner implements Owner {
    private final EventLoop loop;
    private final Clock clock;

    NettyOwner(EventLoop loop, Clock clock) {
        this.loop = loop;
        this.clock = clock;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public boolean isCurrent() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public Timer schedule(long delayMs, Runnable task) {
        ScheduledFuture<?> scheduled = loop.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }
}
