// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.relais.log.Damage;
import io.relais.server.config.Config;
import io.relais.server.config.ConfigurationException;
import io.relais.server.listen.Listen;
import io.relais.server.listen.PortUnavailableException;

/**
 * A running broker with its listeners. Several can run in one program, each on a data folder of its own.
 *
 * <p>Thread: any.
 */
public final class Server implements AutoCloseable {
    private final Running running;
    private final Closing closing;
    private final CountDownLatch closed = new CountDownLatch(1);

    private Server(Running running, Closing closing) {
        this.running = running;
        this.closing = closing;
    }

    /**
     * Starts a broker. All of its listeners accept when this returns; where it fails, nothing is left open.
     *
     * @throws ConfigurationException   where the system does not have what the configuration asks for
     * @throws PortUnavailableException where a listener cannot have its port
     * @throws DataUnusableException    where the data folder is in use, newer, or cannot be read
     */
    public static Server start(Config config) {
        SystemClock clock = new SystemClock();
        Closing closing = new Closing(clock);
        try {
            return new Server(Assembly.start(config, clock, closing), closing);
        } catch (RuntimeException | Error e) {
            closing.closeAll(config.stopTimeout());
            throw e;
        }
    }

    /** Where AMQP is spoken, with the port that the system chose. */
    public Listen amqp() {
        return running.amqp();
    }

    /** What recovery found damaged. */
    public List<Damage> damages() {
        return running.damages();
    }

    /** Stops: clients are told, what is pending is written, everything is closed. Takes at most a little longer than {@code stop.timeout}. Does nothing a second time. */
    @Override
    public synchronized void close() {
        closing.closeAll(running.config().stopTimeout());
        closed.countDown();
    }

    /** Waits until it was closed. */
    public void awaitClosed() throws InterruptedException {
        closed.await();
    }
}
