// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import io.relais.broker.queue.MessageQueue;
import org.jspecify.annotations.Nullable;

/**
 * What a channel was given and has not settled: delivery tag → queue, offset, consumer.
 *
 * <p>A ring over consecutive delivery tags. Where a few old messages would make it long, they move to a sorted map beside it (the stragglers), so that memory follows
 * the number of messages, not the distance between the oldest and the newest.
 *
 * <p>Memory: 16 to 64 bytes per message in the ring, about 100 per straggler; nothing before the first one.
 * <p>Bounds: the prefetch of the channel's consumers; none where a client sets none, as in AMQP.
 * <p>Thread: the owner.
 */
final class Unacked {
    private static final int LEAST_CAPACITY = 16;
    private static final int KEPT_CAPACITY = 1024;

    /** Takes a message out. */
    interface Taker {
        /** @param consumer null where it came by basic.get */
        void take(long deliveryTag, MessageQueue queue, long offset, @Nullable ChannelConsumer consumer);
    }

    /** In which order several are taken out. Requeueing goes backwards, so that each finds its place at the head. */
    enum Order {
        OLDEST_FIRST, NEWEST_FIRST
    }

    private record Straggler(MessageQueue queue, long offset, @Nullable ChannelConsumer consumer) {}

    private @Nullable MessageQueue[] queues = {};
    private long[] offsets = {};
    private @Nullable ChannelConsumer[] consumers = {};
    private final TreeMap<Long, Straggler> stragglers = new TreeMap<>();
    private long first;
    private long end;
    private int inRing;

    int count() {
        return inRing + stragglers.size();
    }

    /** Adds a message with a delivery tag above all earlier ones. */
    void add(long deliveryTag, MessageQueue queue, long offset, @Nullable ChannelConsumer consumer) {
        if (inRing == 0) {
            first = deliveryTag;
        }
        makeRoom(deliveryTag);
        int at = slot(deliveryTag);
        queues[at] = queue;
        offsets[at] = offset;
        consumers[at] = consumer;
        end = deliveryTag + 1;
        inRing++;
    }

    /** Puts a message back that was taken out. */
    void restore(long deliveryTag, MessageQueue queue, long offset, @Nullable ChannelConsumer consumer) {
        stragglers.put(deliveryTag, new Straggler(queue, offset, consumer));
    }

    private int slot(long deliveryTag) {
        return (int) deliveryTag & queues.length - 1;
    }

    private void makeRoom(long deliveryTag) {
        while (deliveryTag - first >= queues.length) {
            if (inRing >= queues.length / 2) {
                resize(Math.max(LEAST_CAPACITY, queues.length * 2));
            } else {
                long keptFrom = Math.min(end, deliveryTag - queues.length / 2);
                for (long tag = first; tag < keptFrom; tag++) {
                    moveAside(tag);
                }
                first = inRing == 0 ? deliveryTag : keptFrom;
            }
        }
    }

    private void moveAside(long deliveryTag) {
        int at = slot(deliveryTag);
        MessageQueue queue = queues[at];
        if (queue != null) {
            stragglers.put(deliveryTag, new Straggler(queue, offsets[at], consumers[at]));
            clear(at);
        }
    }

    private void resize(int capacity) {
        @Nullable
        MessageQueue[] oldQueues = queues;
        long[] oldOffsets = offsets;
        @Nullable
        ChannelConsumer[] oldConsumers = consumers;
        queues = new @Nullable MessageQueue[capacity];
        offsets = new long[capacity];
        consumers = new @Nullable ChannelConsumer[capacity];
        if (oldQueues.length == 0) {
            return;
        }
        for (long tag = first; tag < end; tag++) {
            int from = (int) tag & oldQueues.length - 1;
            int to = slot(tag);
            queues[to] = oldQueues[from];
            offsets[to] = oldOffsets[from];
            consumers[to] = oldConsumers[from];
        }
    }

    private void clear(int at) {
        queues[at] = null;
        consumers[at] = null;
        inRing--;
    }

    boolean contains(long deliveryTag) {
        return inRing(deliveryTag) || stragglers.containsKey(deliveryTag);
    }

    private boolean inRing(long deliveryTag) {
        return inRing > 0 && deliveryTag >= first && deliveryTag < end && queues[slot(deliveryTag)] != null;
    }

    /** Takes one message out, if it {@link #contains} it. */
    void takeOne(long deliveryTag, Taker taker) {
        if (inRing(deliveryTag)) {
            takeFromRing(deliveryTag, taker);
            trim();
        } else {
            Straggler straggler = stragglers.remove(deliveryTag);
            if (straggler != null) {
                taker.take(deliveryTag, straggler.queue, straggler.offset, straggler.consumer);
            }
        }
    }

    /** Takes out every message up to a delivery tag. */
    void takeUpTo(long deliveryTag, Order order, Taker taker) {
        switch (order) {
            case OLDEST_FIRST -> {
                takeStragglers(deliveryTag, order, taker);
                long last = Math.min(end - 1, deliveryTag);
                for (long tag = first; tag <= last && inRing > 0; tag++) {
                    takeFromRing(tag, taker);
                }
            }
            case NEWEST_FIRST -> {
                for (long tag = Math.min(end - 1, deliveryTag); tag >= first && inRing > 0; tag--) {
                    takeFromRing(tag, taker);
                }
                takeStragglers(deliveryTag, order, taker);
            }
        }
        trim();
    }

    void takeAll(Order order, Taker taker) {
        takeUpTo(Long.MAX_VALUE, order, taker);
    }

    private void takeStragglers(long upTo, Order order, Taker taker) {
        if (stragglers.isEmpty()) {
            return;
        }
        NavigableMap<Long, Straggler> some = stragglers.headMap(upTo, true);
        // copies: a TreeMap's entries change their contents when others are removed
        List<Map.Entry<Long, Straggler>> taken = (order == Order.OLDEST_FIRST ? some : some.descendingMap()).entrySet()
                .stream().map(Map.Entry::copyOf).toList();
        some.clear();
        taken.forEach(e -> taker.take(e.getKey(), e.getValue().queue, e.getValue().offset, e.getValue().consumer));
    }

    private void takeFromRing(long deliveryTag, Taker taker) {
        int at = slot(deliveryTag);
        MessageQueue queue = queues[at];
        if (queue != null) {
            ChannelConsumer consumer = consumers[at];
            clear(at);
            taker.take(deliveryTag, queue, offsets[at], consumer);
        }
    }

    private void trim() {
        if (inRing == 0) {
            first = end;
            if (queues.length > KEPT_CAPACITY) {
                queues = new @Nullable MessageQueue[0];
                offsets = new long[0];
                consumers = new @Nullable ChannelConsumer[0];
            }
            return;
        }
        while (queues[slot(first)] == null) {
            first++;
        }
    }

    /** Slots of the ring. */
    int ringCapacity() {
        return queues.length;
    }
}
