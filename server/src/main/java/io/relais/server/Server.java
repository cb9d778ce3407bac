// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.relais.log.Damage;
import io.relais.server.config.Config;
import io.relais.server.config.ConfigurationException;
import io.relais.server.control.OperationFailedException;
import io.relais.server.control.Operations;
import io.relais.server.listen.Listen;
import io.relais.server.listen.PortUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * A running broker with its listeners. Several can run in one program, each on a data folder of its own.
 *
 * <p>Thread: any.
 */
public final class Server implements AutoCloseable {
    private final Running running;
    private final Operations operations;
    private final Closing closing;
    private final CountDownLatch closed = new CountDownLatch(1);

    private Server(Running running, Closing closing) {
        this.running = running;
        this.operations = running.operations();
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

    /** Where the Kafka protocol is spoken, with the port that the system chose. */
    public Listen kafka() {
        return running.kafka().getOrDefault(KafkaListeners.MAIN, Listen.OFF);
    }

    /**
     * Where a further listener of the Kafka protocol is, with the port that the system chose.
     *
     * @param protocol as Kafka calls it, such as {@code SASL_SSL}
     */
    public Listen kafka(String protocol) {
        return running.kafka().getOrDefault(protocol, Listen.OFF);
    }

    /** What recovery found damaged. */
    public List<Damage> damages() {
        return running.damages();
    }

    /**
     * Carries out what the command line can ask for, such as {@code user.add} with {@code name} and {@code password}.
     *
     * @return maps, lists, records and plain values; null where there is nothing to tell
     * @throws OperationFailedException where it cannot be done
     */
    public @Nullable Object run(String operation, Map<String, String> arguments) {
        return operations.run(operation, arguments);
    }

    /** Blocks publishers as if a resource ran short, for a reason; a null reason ends that. */
    public void alarm(String source, @Nullable String reason) {
        running.owner().execute(() -> {
            if (reason == null) {
                running.broker().alarms().clear(source);
            } else {
                running.broker().alarms().raise(source, reason);
            }
        });
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
