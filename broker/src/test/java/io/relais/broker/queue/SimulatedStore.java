// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.relais.broker.BrokerOptions;
import io.relais.broker.Delivery;
import io.relais.broker.Message;
import io.relais.broker.PropertiesCodec;
import io.relais.broker.Refusal;
import io.relais.broker.Reply;
import io.relais.broker.runtime.Owner;
import io.relais.broker.runtime.Simulation;
import io.relais.broker.store.Shard;
import io.relais.broker.store.StoreSizes;
import io.relais.log.Damage;
import io.relais.log.disk.SimulatedDisk;
import io.relais.log.local.LocalLogStore;
import org.jspecify.annotations.Nullable;

/** Queues on a shard on a simulated disk, in virtual time: one life of a process, from start to crash. */
final class SimulatedStore {
    private final SimulatedDisk disk;
    private final Simulation simulation;
    private final LocalLogStore logs;
    private final Shard shard;
    private final List<Message> deadLettered = new ArrayList<>();
    private final List<MessageQueue> unused = new ArrayList<>();

    /** Starts on a disk; the epoch is higher in each life. */
    SimulatedStore(SimulatedDisk disk, long seed, long epoch, BrokerOptions options, StoreSizes sizes,
            Set<Long> durable) {
        this.disk = disk;
        this.simulation = new Simulation(seed);
        this.logs = new LocalLogStore(disk, simulation.disk(), simulation.disk(), UnpooledByteBufAllocator.DEFAULT,
                new Random(seed));
        var opening = Shard.open(0, epoch, logs, simulation, options, sizes, durable).toCompletableFuture();
        simulation.settle();
        this.shard = opening.join();
    }

    Simulation simulation() {
        return simulation;
    }

    Shard shard() {
        return shard;
    }

    List<Damage> damages() {
        return logs.damages();
    }

    List<Message> deadLettered() {
        return deadLettered;
    }

    List<MessageQueue> unused() {
        return unused;
    }

    MessageQueue queue(String name, long number, boolean durable, QueueSettings settings) {
        return new MessageQueue(host(), "/", name, number, durable, false, settings);
    }

    MessageQueue durableQueue(String name, long number) {
        return queue(name, number, true, QueueSettings.NONE);
    }

    /** Publishes a persistent message. Returns its ticket. */
    long publish(MessageQueue queue, String body) {
        return publish(List.of(queue), body.getBytes(java.nio.charset.StandardCharsets.UTF_8), true, -1);
    }

    long publish(List<MessageQueue> queues, byte[] body, boolean persistent, long expirationMs) {
        return new Route(queues).publish(shard, new Message().to("x", "key")
                .content(Unpooled.EMPTY_BUFFER, Unpooled.wrappedBuffer(body), persistent, false, expirationMs, 0));
    }

    /** Takes the first ready message, waiting for the disk; null where there is none. */
    @Nullable
    Taken get(MessageQueue queue, boolean noAck) {
        List<Taken> taken = new ArrayList<>();
        queue.get(noAck, new Reply<>() {
            @Override
            public void done(@Nullable Delivery delivery) {
                if (delivery != null) {
                    ByteBuf body = Unpooled.buffer();
                    delivery.writeBody(body, 0, delivery.bodyLength());
                    taken.add(new Taken(delivery.offset(), body.toString(java.nio.charset.StandardCharsets.UTF_8),
                            delivery.redelivered(), delivery.deliveryCount()));
                }
            }

            @Override
            public void refused(Refusal refusal) {
                throw new AssertionError(refusal.text());
            }
        });
        simulation.settle();
        return taken.isEmpty() ? null : taken.getFirst();
    }

    /** A message that was handed out. */
    record Taken(long offset, String body, boolean redelivered, int deliveryCount) {}

    /** Bodies of all ready messages, in order, which are taken without acknowledgement. */
    List<String> drain(MessageQueue queue) {
        List<String> bodies = new ArrayList<>();
        for (Taken taken = get(queue, true); taken != null; taken = get(queue, true)) {
            bodies.add(taken.body);
        }
        return bodies;
    }

    /** Lets everything reach the disk, acknowledgements too. */
    void quiesce() {
        simulation.advance(50);
    }

    /** The power fails. Returns the disk as it is afterwards; memory is given back. */
    SimulatedDisk crash() {
        SimulatedDisk after = disk.crash();
        stop();
        return after;
    }

    /** Stops without writing anything more that matters, and gives memory back. */
    void stop() {
        simulation.settle();
        shard.abandon();
        simulation.settle();
        assertThat(shard.residentBytes()).isZero();
    }

    private QueueHost host() {
        return new QueueHost() {
            @Override
            public Owner owner() {
                return simulation;
            }

            @Override
            public Shard shard() {
                return shard;
            }

            @Override
            public PropertiesCodec codec() {
                return new NoHeaders();
            }

            @Override
            public void deadLetter(MessageQueue source, Message message) {
                deadLettered.add(message);
            }

            @Override
            public void unused(MessageQueue queue) {
                unused.add(queue);
            }
        };
    }
}
