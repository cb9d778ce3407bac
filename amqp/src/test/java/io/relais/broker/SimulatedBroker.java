// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.relais.broker.queue.MessageQueue;
import io.relais.broker.runtime.Simulation;
import io.relais.broker.security.SecurityOptions;
import io.relais.log.LogStore;
import io.relais.log.disk.SimulatedDisk;
import io.relais.log.local.LocalLogStore;
import io.relais.log.metadata.InMemoryMetadataStore;
import org.jspecify.annotations.Nullable;

/** The broker in virtual time, on a disk in memory, and a look at what a front end does not show. */
public final class SimulatedBroker {
    /** Bodies above it are refused. */
    public static final int MAX_MESSAGE_BYTES = 1 << 20;

    /** Bytes on their way to the disk from which publishers are not read. */
    public static final int IN_FLIGHT_BYTES = 1 << 20;

    private final Simulation time;
    private final LogStore logs;
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean stalled;
    private final LocalBroker broker;

    public SimulatedBroker(Simulation time, PropertiesCodec codec) {
        this.time = time;
        logs = new LocalLogStore(new SimulatedDisk(1), this::journal, time.disk(), UnpooledByteBufAllocator.DEFAULT,
                new Random(1));
        var starting = LocalBroker.start(time, logs, new InMemoryMetadataStore(time.disk()), time.disk(),
                new BrokerOptions(MAX_MESSAGE_BYTES, 64 << 20, IN_FLIGHT_BYTES, 8 << 20, 1 << 20, 5, 0), codec,
                new SecurityOptions(Set.of("guest"), 1, new Random(1))).toCompletableFuture();
        time.settle();
        broker = starting.join();
    }

    private void journal(Runnable writing) {
        if (stalled) {
            waiting.add(writing);
        } else {
            time.disk().execute(writing);
        }
    }

    /** From now on the journal's disk does nothing. */
    public void stallJournal() {
        stalled = true;
    }

    /** The journal's disk works again. */
    public void resumeJournal() {
        stalled = false;
        waiting.forEach(time.disk()::execute);
        waiting.clear();
    }

    /** Gives its memory back. */
    public void close() {
        resumeJournal();
        var closing = broker.close().toCompletableFuture();
        time.settle();
        closing.join();
        logs.close();
        time.settle();
    }

    public Broker broker() {
        return broker;
    }

    /** Begins or, with null, ends an alarm that blocks publishers. */
    public void block(@Nullable String why) {
        if (why == null) {
            broker.alarms().clear("test");
        } else {
            broker.alarms().raise("test", why);
        }
    }

    /** A queue of the virtual host {@code /}, past whatever channels show of it. */
    public MessageQueue queue(String name) {
        return Objects.requireNonNull(find(name), name).queue();
    }

    public boolean hasQueue(String name) {
        return find(name) != null;
    }

    private @Nullable QueueEntry find(String name) {
        return Objects.requireNonNull(broker.vhost("/")).topology().queue(name);
    }

    /** Arguments for a queue that is full with so many messages and refuses more. */
    public static Map<String, @Nullable Object> rejectingAbove(int messages) {
        return Map.of("x-max-length", messages, "x-overflow", "reject-publish");
    }
}
