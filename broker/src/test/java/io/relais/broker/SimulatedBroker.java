// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.relais.broker.runtime.Simulation;
import io.relais.broker.security.SecurityOptions;
import io.relais.log.disk.SimulatedDisk;
import io.relais.log.local.LocalLogStore;
import io.relais.log.metadata.InMemoryMetadataStore;
import io.relais.log.metadata.MetadataStore;
import org.jspecify.annotations.Nullable;

/** A broker in virtual time on a simulated disk: one life of a process. */
final class SimulatedBroker implements AutoCloseable {
    /** Few rounds of key derivation: tests have no secrets. */
    static final int ITERATIONS = 10;

    private final SimulatedDisk disk;
    private final InMemoryMetadataStore metadata;
    private final long seed;
    private final Simulation simulation;
    private final Turns turns;
    private final LocalBroker broker;

    /** Gives the metadata their turns on the disk, or makes them wait. */
    private static final class Turns implements Executor {
        private final Simulation simulation;
        private final Deque<Runnable> held = new ArrayDeque<>();
        private boolean holding;

        Turns(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void execute(Runnable task) {
            if (holding) {
                held.add(task);
            } else {
                simulation.disk().execute(task);
            }
        }

        void hold(boolean hold) {
            holding = hold;
            while (!holding && !held.isEmpty()) {
                execute(held.remove());
            }
        }
    }

    private SimulatedBroker(SimulatedDisk disk, InMemoryMetadataStore metadata, Turns turns, long seed) {
        Simulation simulation = turns.simulation;
        this.turns = turns;
        this.disk = disk;
        this.metadata = metadata;
        this.seed = seed;
        this.simulation = simulation;
        LocalLogStore logs = new LocalLogStore(disk, simulation.disk(), simulation.disk(),
                UnpooledByteBufAllocator.DEFAULT, new Random(seed));
        var starting = LocalBroker.start(simulation, logs, metadata, simulation.disk(), BrokerOptions.DEFAULT,
                new TestProperties(), security(seed)).toCompletableFuture();
        simulation.settle();
        this.broker = starting.join();
    }

    static SecurityOptions security(long seed) {
        return new SecurityOptions(Set.of("guest"), ITERATIONS, new Random(seed));
    }

    static SimulatedBroker start() {
        return start(7);
    }

    static SimulatedBroker start(long seed) {
        Turns turns = new Turns(new Simulation(seed));
        return new SimulatedBroker(new SimulatedDisk(seed), new InMemoryMetadataStore(turns), turns, seed);
    }

    /** The power fails, and another process starts on what is left. */
    SimulatedBroker crash() {
        SimulatedDisk left = disk.crash();
        InMemoryMetadataStore keys = metadata.crash(new Random(seed));
        simulation.settle();
        broker.shard().abandon();
        simulation.settle();
        return new SimulatedBroker(left, keys, turns, seed + 1);
    }

    /** Everything that is under way comes to its end. */
    void settle() {
        simulation.settle();
    }

    /** Keeps what is written to the metadata from the disk, while everything else goes on. */
    void holdMetadata(boolean hold) {
        turns.hold(hold);
    }

    /** From here on, nothing can be written to the metadata. */
    void breakMetadata() {
        metadata.close();
    }

    void advance(long ms) {
        simulation.advance(ms);
    }

    /** One step of the owner or of the disk. */
    boolean step() {
        return simulation.step();
    }

    LocalBroker broker() {
        return broker;
    }

    /** The keys of the metadata as the disk has them. */
    List<String> storedKeys() {
        var scan = metadata.scan("/").toCompletableFuture();
        settle();
        return scan.join().stream().map(MetadataStore.Item::key).toList();
    }

    Administration administration() {
        return broker.administration();
    }

    /** A connection of {@code guest} to {@code /}. */
    TestClient client() {
        return client("guest", "/");
    }

    TestClient client(String user, String vhost) {
        return new TestClient(this, open(user, vhost).value());
    }

    Answer<Session> open(String user, String vhost) {
        Answer<Session> answer = new Answer<>();
        broker.open(new Broker.Identity(user), vhost,
                new ConnectionInfo("AMQP 0-9-1", "test", "127.0.0.1:1", true, Map.of()), answer);
        settle();
        return answer;
    }

    Answer<Broker.Identity> login(String user, String password, boolean loopback) {
        Answer<Broker.Identity> answer = new Answer<>();
        broker.login(user, password.getBytes(StandardCharsets.UTF_8), loopback, answer);
        return answer;
    }

    /** Adds a user who may enter {@code /} with these rights. */
    void addUser(String user, String configure, String write, String read) {
        Answer<@Nullable Void> added = new Answer<>();
        administration().addUser(user, user.getBytes(StandardCharsets.UTF_8), List.of(), added);
        settle();
        added.value();
        permit(user, "/", configure, write, read);
    }

    void permit(String user, String vhost, String configure, String write, String read) {
        Answer<@Nullable Void> set = new Answer<>();
        administration().setPermission(new Administration.PermissionInfo(vhost, user, configure, write, read), set);
        settle();
        set.value();
    }

    /** Gives memory back. */
    @Override
    public void close() {
        simulation.settle();
        broker.shard().abandon();
        simulation.settle();
    }
}
