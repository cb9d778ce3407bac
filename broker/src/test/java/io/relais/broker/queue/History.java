// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.broker.BrokerOptions;
import io.relais.broker.Delivery;
import io.relais.broker.Message;
import io.relais.broker.Refusal;
import io.relais.broker.Reply;
import io.relais.broker.runtime.Simulation;
import io.relais.broker.store.DurabilityListener;
import io.relais.broker.store.Shard;
import io.relais.broker.store.StoreSizes;
import io.relais.log.disk.SimulatedDisk;
import org.jspecify.annotations.Nullable;

/**
 * One random history of publishing, delivering, acknowledging and crashing on a simulated disk, with a plain model beside it. After every crash the queues must hold exactly what the model says they must, may
 * hold what it says they may, in order and unharmed.
 */
final class History {
    private static final int DURABLE = 3;

    /** What the outside world knows of a message in a queue. */
    private enum Fate {
        /** Published, the disk was not waited for: it may survive a crash. */
        UNCONFIRMED,
        /** The publisher was told that it is safe: it survives. */
        CONFIRMED,
        /** Acknowledged, perhaps not on the disk yet: it may come back. */
        ACKNOWLEDGED,
        /** Acknowledged and on the disk: it never comes back. */
        GONE
    }

    private static final class Model {
        final TreeMap<Long, Fate> fates = new TreeMap<>();
        final Map<Long, Long> held = new LinkedHashMap<>(); // offset -> id
    }

    private final long seed;
    private final Random random;
    private final BrokerOptions options;
    private final StoreSizes sizes;
    private final List<Model> models = new ArrayList<>();
    private SimulatedDisk disk;
    private SimulatedStore store;
    private Simulation simulation;
    private Shard shard;
    private List<MessageQueue> queues = List.of();
    private final Set<Long> transients = new HashSet<>();
    private long epoch;
    private int life;
    private long nextId = 1;
    private int step;

    History(long seed, SimulatedDisk disk) {
        this.seed = seed;
        this.random = new Random(seed);
        this.disk = disk;
        this.options = new BrokerOptions(1 << 20, random.nextInt(4) * 4096L, 64 << 10, 8 << 10,
                random.nextInt(3) * 2048L, 5, 0);
        this.sizes = new StoreSizes(2048, 8 << 10, 64 << 10, random.nextBoolean() ? 16 << 10 : 1 << 20);
        for (int i = 0; i <= DURABLE; i++) {
            models.add(new Model());
        }
        this.store = boot();
        this.simulation = store.simulation();
        this.shard = store.shard();
    }

    /** Runs a number of steps, with crashes on the way and one at the end. */
    void run(int steps) {
        for (step = 0; step < steps; step++) {
            int choice = random.nextInt(100);
            if (choice < 45) {
                publish();
            } else if (choice < 70) {
                consume();
            } else if (choice < 80) {
                settleHeld();
            } else if (choice < 90) {
                for (int turns = random.nextInt(20); turns > 0; turns--) {
                    simulation.step();
                }
            } else if (choice < 96) {
                quiesce();
            } else if (choice < 97) {
                purge();
            } else if (choice < 99) {
                burst();
            } else {
                crash();
            }
        }
        crash();
        store.stop();
    }

    private SimulatedStore boot() {
        epoch++;
        store = new SimulatedStore(disk, random.nextLong(), epoch, options, sizes, Set.of(1L, 2L, 3L));
        assertThat(store.damages()).as(where("a crash is not damage")).isEmpty();
        simulation = store.simulation();
        shard = store.shard();
        List<MessageQueue> booted = new ArrayList<>();
        for (int i = 0; i < DURABLE; i++) {
            booted.add(store.durableQueue("q" + i, i + 1));
        }
        booted.add(store.queue("transient", epoch << 32, false, QueueSettings.NONE));
        queues = booted;
        return store;
    }

    private void burst() {
        for (int i = 20 + random.nextInt(60); i > 0; i--) {
            publish();
        }
    }

    private void publish() {
        boolean persistent = random.nextInt(5) > 0;
        Set<Integer> to = new HashSet<>(Set.of(random.nextInt(queues.size())));
        if (random.nextInt(4) == 0) {
            to.add(random.nextInt(queues.size()));
        }
        long id = nextId++;
        List<Integer> sorted = to.stream().sorted().toList();
        Route route = new Route(sorted.stream().map(queues::get).toList());
        ByteBuf body = body(id);
        long ticket = route.publish(shard,
                new Message().to("x", "key-" + id).content(Unpooled.EMPTY_BUFFER, body, persistent, false, -1, 0));
        body.release();
        if (!persistent) {
            transients.add(id);
        }
        List<Model> published = sorted.stream().map(models::get).toList();
        published.forEach(model -> model.fates.put(id, Fate.UNCONFIRMED));
        int publishedIn = life;
        if (persistent && ticket > 0) {
            shard.whenDurable(ticket, new DurabilityListener() {
                @Override
                public void durable() {
                    if (publishedIn != life) {
                        return;
                    }
                    published.forEach(model -> model.fates.computeIfPresent(id,
                            (key, fate) -> fate == Fate.UNCONFIRMED ? Fate.CONFIRMED : fate));
                }

                @Override
                public void failed(String why) {
                    assertThat(publishedIn).as(where("storage failed: " + why)).isNotEqualTo(life);
                }
            });
        }
    }

    private void consume() {
        int index = random.nextInt(queues.size());
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            get(index, random.nextInt(4) == 0);
        }
    }

    private void get(int index, boolean noAck) {
        Model model = models.get(index);
        int askedIn = life;
        queues.get(index).get(noAck, new Reply<>() {
            @Override
            public void done(@Nullable Delivery delivery) {
                if (delivery == null || askedIn != life) {
                    return;
                }
                long id = check(delivery);
                assertThat(model.fates.get(id))
                        .as(where("message " + id + " is delivered although it is unknown or acknowledged"))
                        .isIn(Fate.UNCONFIRMED, Fate.CONFIRMED);
                if (noAck) {
                    model.fates.put(id, Fate.ACKNOWLEDGED);
                } else {
                    assertThat(model.held.put(delivery.offset(), id)).as(where("an offset is handed out twice"))
                            .isNull();
                }
            }

            @Override
            public void refused(Refusal refusal) {
                throw new AssertionError(where(refusal.text()));
            }
        });
    }

    private void settleHeld() {
        int index = random.nextInt(queues.size());
        Model model = models.get(index);
        for (Map.Entry<Long, Long> entry : List.copyOf(model.held.entrySet())) {
            int choice = random.nextInt(10);
            if (choice < 6) {
                model.held.remove(entry.getKey());
                queues.get(index).acknowledge(entry.getKey());
                model.fates.put(entry.getValue(), Fate.ACKNOWLEDGED);
            } else if (choice < 8) {
                model.held.remove(entry.getKey());
                queues.get(index).requeue(entry.getKey(), false);
            }
        }
    }

    private void purge() {
        int index = random.nextInt(queues.size());
        Model model = models.get(index);
        Set<Long> held = new HashSet<>(model.held.values());
        long ready = model.fates.entrySet().stream()
                .filter(entry -> !held.contains(entry.getKey())
                        && (entry.getValue() == Fate.CONFIRMED || entry.getValue() == Fate.UNCONFIRMED))
                .count();
        assertThat(queues.get(index).messageCount()).as(where("ready messages of queue " + index)).isEqualTo(ready);
        assertThat(queues.get(index).purge()).as(where("purged")).isEqualTo(ready);
        model.fates.replaceAll((id, fate) -> held.contains(id) || fate == Fate.GONE ? fate : Fate.ACKNOWLEDGED);
    }

    /** Waits until everything is on the disk. */
    private void quiesce() {
        simulation.advance(20);
        for (Model model : models) {
            model.fates.entrySet().removeIf(entry -> entry.getValue() == Fate.GONE);
            model.fates.replaceAll((id, fate) -> fate == Fate.ACKNOWLEDGED ? Fate.GONE : fate);
        }
        for (int i = 0; i < DURABLE; i++) {
            for (Map.Entry<Long, Fate> entry : models.get(i).fates.entrySet()) {
                if (!transients.contains(entry.getKey())) {
                    assertThat(entry.getValue())
                            .as(where("message " + entry.getKey() + " is not confirmed although all is quiet"))
                            .isNotEqualTo(Fate.UNCONFIRMED);
                }
            }
        }
    }

    private void crash() {
        life++; // what the old life still does, on the old disk, is seen by nobody; it only gives its memory back
        disk = store.crash();
        boot();
        models.get(DURABLE).fates.clear();
        models.get(DURABLE).held.clear();
        for (int i = 0; i < DURABLE; i++) {
            recovered(i);
        }
    }

    private void recovered(int index) {
        Model model = models.get(index);
        model.held.clear();
        List<Long> found = new ArrayList<>();
        List<Long> offsets = new ArrayList<>();
        long expected = queues.get(index).messageCount();
        for (long i = 0; i < expected; i++) {
            queues.get(index).get(false, new Reply<>() {
                @Override
                public void done(@Nullable Delivery delivery) {
                    assertThat(delivery).as(where("queue " + index + " holds what it counts")).isNotNull();
                    found.add(check(java.util.Objects.requireNonNull(delivery)));
                    offsets.add(delivery.offset());
                }

                @Override
                public void refused(Refusal refusal) {
                    throw new AssertionError(where(refusal.text()));
                }
            });
            simulation.settle();
        }
        assertThat(found).as(where("queue " + index + " in order, each once")).isSorted().doesNotHaveDuplicates();
        Set<Long> present = new HashSet<>(found);
        TreeMap<Long, Fate> survivors = new TreeMap<>();
        model.fates.forEach((id, fate) -> {
            boolean persistent = !transients.contains(id);
            String what = where("queue " + index + ", message " + id + ", " + fate + (persistent ? "" : ", transient"));
            if (fate == Fate.CONFIRMED && persistent) {
                assertThat(present.contains(id)).as(what + " is lost").isTrue();
            }
            if (fate == Fate.GONE || !persistent) {
                assertThat(present.contains(id)).as(what + " came back").isFalse();
            }
            if (present.remove(id)) {
                survivors.put(id, Fate.CONFIRMED);
            }
        });
        assertThat(present).as(where("queue " + index + ": messages that nobody published")).isEmpty();
        model.fates.clear();
        model.fates.putAll(survivors);
        for (int i = offsets.size() - 1; i >= 0; i--) {
            queues.get(index).requeue(offsets.get(i), false);
        }
    }

    private ByteBuf body(long id) {
        Random content = new Random(id);
        int size = content.nextInt(20) == 0 ? 1000 + content.nextInt(5000) : content.nextInt(200);
        ByteBuf body = Unpooled.buffer(8 + size).writeLong(id);
        byte[] padding = new byte[size];
        content.nextBytes(padding);
        return body.writeBytes(padding);
    }

    /** The delivered message, unharmed. Returns its id. */
    private long check(Delivery delivery) {
        ByteBuf out = Unpooled.buffer();
        delivery.writeBody(out, 0, delivery.bodyLength());
        long id = out.getLong(0);
        ByteBuf body = body(id);
        assertThat(out).as(where("body of message " + id)).isEqualTo(body);
        ByteBuf key = Unpooled.buffer();
        delivery.writeRoutingKey(key);
        assertThat(key.toString(java.nio.charset.StandardCharsets.UTF_8)).as(where("key of message " + id))
                .isEqualTo("key-" + id);
        return id;
    }

    private String where(String what) {
        return what + " [-Dseed=" + seed + ", step " + step + "]";
    }
}
