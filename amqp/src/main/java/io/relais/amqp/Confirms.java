// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.ArrayDeque;

import io.relais.broker.Broker;
import io.relais.broker.PublishOutcome;
import io.relais.broker.runtime.Owner;
import io.relais.broker.store.DurabilityListener;
import org.jspecify.annotations.Nullable;

/**
 * Publisher confirms of one channel (RabbitMQ: confirms). Publishes are numbered from 1; each number is acknowledged or negatively acknowledged once it is known.
 *
 * <ul>
 * <li>What waits for the disk is grouped by round: one batch, one ticket, one basic.ack with multiple set when the disk has it. Batches come in order.
 * <li>What does not wait (transient, or unroutable) is acknowledged at the end of its round, as one if nothing before it waits.
 * <li>What a full queue rejected is negatively acknowledged at once.
 * </ul>
 * As with RabbitMQ, an acknowledgement of several may cover numbers that were answered before.
 *
 * <p>Memory: one batch per round that is on its way to the disk, whatever the number of messages.
 * <p>Thread: the owner.
 */
final class Confirms implements DurabilityListener {

    /** Sends basic.ack and basic.nack. */
    interface Output {
        void ack(long deliveryTag, boolean multiple);

        void nack(long deliveryTag, boolean multiple);
    }

    /** Tells when the disk has something: {@link Broker#whenDurable}. */
    interface Durability {
        void whenDurable(long ticket, DurabilityListener listener);
    }

    /** Publishes of one round that wait for the disk, and for no more than one ticket. */
    private static final class Batch {
        final long first;
        long last;
        long ticket;

        Batch(long first) {
            this.first = first;
        }
    }

    private final Durability durability;
    private final Owner owner;
    private final Output output;
    private final Runnable endOfRound = this::endRound;
    private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
    private @Nullable Batch open;
    private long lastPublished;
    private long[] answered = new long[4];
    private int answeredCount;
    private boolean roundScheduled;
    private boolean registered;
    private boolean closed;

    Confirms(Durability durability, Owner owner, Output output) {
        this.durability = durability;
        this.owner = owner;
        this.output = output;
    }

    /** Takes the next number for what became of a publish. */
    void published(PublishOutcome.Kind kind, long ticket) {
        long number = ++lastPublished;
        switch (kind) {
            case ROUTED, UNROUTABLE -> {
                if (ticket == 0) {
                    answer(number);
                } else {
                    await(number, ticket);
                }
                scheduleEndOfRound();
            }
            case REJECTED -> output.nack(number, false);
            case REFUSED -> {
                // the channel ends, and its confirms with it
            }
        }
    }

    private void answer(long number) {
        if (answeredCount == answered.length) {
            answered = java.util.Arrays.copyOf(answered, answeredCount * 2);
        }
        answered[answeredCount++] = number;
    }

    private void await(long number, long ticket) {
        Batch batch = open;
        if (batch == null) {
            batch = new Batch(number);
            open = batch;
            waiting.add(batch);
        }
        batch.last = number;
        batch.ticket = Math.max(batch.ticket, ticket);
    }

    private void scheduleEndOfRound() {
        if (!roundScheduled) {
            roundScheduled = true;
            owner.execute(endOfRound);
        }
    }

    private void endRound() {
        roundScheduled = false;
        if (closed) {
            return;
        }
        acknowledgeAnswered();
        open = null;
        register();
    }

    private void acknowledgeAnswered() {
        Batch oldest = waiting.peek();
        long firstWaiting = oldest == null ? Long.MAX_VALUE : oldest.first;
        int i = 0;
        while (i < answeredCount && answered[i] < firstWaiting) {
            i++;
        }
        if (i > 0) {
            output.ack(answered[i - 1], i > 1);
        }
        for (; i < answeredCount; i++) {
            output.ack(answered[i], false);
        }
        answeredCount = 0;
        if (answered.length > 1024) {
            answered = new long[4];
        }
    }

    /** At most one registration at a time: for the oldest batch that is complete. */
    private void register() {
        Batch oldest = waiting.peek();
        if (!registered && oldest != null && oldest != open) {
            registered = true;
            durability.whenDurable(oldest.ticket, this);
        }
    }

    @Override
    public void durable() {
        registered = false;
        Batch batch = waiting.poll();
        if (closed || batch == null) {
            return;
        }
        output.ack(batch.last, batch.last > batch.first);
        register();
    }

    @Override
    public void failed(String why) {
        registered = false;
        Batch batch = waiting.poll();
        if (closed || batch == null) {
            return;
        }
        output.nack(batch.last, batch.last > batch.first);
        register();
    }

    /** The channel ends: nothing more is answered. */
    void close() {
        closed = true;
        waiting.clear();
    }
}
