// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.broker.runtime.Owner;
import io.relais.log.LogWriter;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: what a round appended becomes one entry of the journal, and a ticket says when it is durable.
 *
 * <p>Thread: the owner. Bounds: bytes on their way to the disk, beyond which publishers are asked to pause.
 */
final class Commits {
    private final Owner owner;
    private final LogWriter journal;
    private final TailMemory memory;
    private final long inFlightBytesMax;
    private final BooleanSupplier journalTooLong;
    private final Runnable closeBatches;
    private final Consumer<String> onFailure;

    /** Chunks with bytes in the journal, in the order of their first entry. */
    private final ArrayDeque<Chunk> journaled = new ArrayDeque<>();

    private final List<Chunk> dirty = new ArrayList<>();
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>();
    private final List<Runnable> relieved = new ArrayList<>();
    private int items;
    private long openTicket = 1;
    private long durableTicket;
    private @Nullable String failure;

    private record Waiter(long ticket, DurabilityListener listener) implements Comparable<Waiter> {
        @Override
        public int compareTo(Waiter other) {
            return Long.compare(ticket, other.ticket);
        }
    }

    /**
     * Nothing is pending yet.
     *
     * @param journalTooLong whether recycling the journal does not keep up
     * @param closeBatches finishes what the lanes have open, so that no entry ends in the middle of an item
     * @param onFailure    told once, when the journal takes no more
     */
    Commits(Owner owner, LogWriter journal, TailMemory memory, long inFlightBytesMax, BooleanSupplier journalTooLong,
            Runnable closeBatches,
            Consumer<String> onFailure) {
        this.owner = owner;
        this.journal = journal;
        this.memory = memory;
        this.inFlightBytesMax = inFlightBytesMax;
        this.journalTooLong = journalTooLong;
        this.closeBatches = closeBatches;
        this.onFailure = onFailure;
    }

    /** The ticket of what is being appended now. */
    long openTicket() {
        return openTicket;
    }

    @Nullable
    String failure() {
        return failure;
    }

    /** The journal's offset that the next entry gets. */
    long nextEntry() {
        return journal.nextOffset();
    }

    ArrayDeque<Chunk> journaled() {
        return journaled;
    }

    /** A chunk got, or is about to get, bytes for the journal: it keeps them until the journal has them. */
    void dirty(Chunk chunk) {
        if (dirty.isEmpty() || dirty.getLast() != chunk) {
            dirty.add(chunk);
            chunk.pins++;
        }
    }

    /** An item was completed. */
    void added(boolean forJournal) {
        if (forJournal) {
            items++;
        }
    }

    /** Whether there is anything to commit. */
    boolean isPending() {
        closeBatches.run();
        return items > 0;
    }

    /** Hands the journal everything that was appended as one entry. */
    void commit() {
        closeBatches.run();
        if (items == 0) {
            return;
        }
        long entry = journal.nextOffset();
        List<Chunk> chunks = List.copyOf(dirty);
        ByteBuf bytes = chunks.size() == 1 ? take(chunks.getFirst(), entry, 0) : takeAll(chunks, entry);
        append(bytes, items, chunks);
        dirty.clear();
        items = 0;
    }

    /** Brings a chunk that is in memory only to the journal, so that its memory can be taken. */
    void journalWhole(Chunk chunk) {
        long entry = journal.nextOffset();
        chunk.pins++;
        append(take(chunk, entry, 0), 1, List.of(chunk));
    }

    void whenDurable(long ticket, DurabilityListener listener) {
        if (ticket <= durableTicket) {
            listener.durable();
        } else if (failure != null) {
            listener.failed(failure);
        } else {
            waiters.add(new Waiter(ticket, listener));
        }
    }

    boolean saturated() {
        return journal.inFlightBytes() > inFlightBytesMax || journalTooLong.getAsBoolean();
    }

    /** Wakes those who wait for relief, if they may go on. */
    void relieveIfNotSaturated() {
        if (!relieved.isEmpty() && journal.inFlightBytes() <= inFlightBytesMax / 2 && !journalTooLong.getAsBoolean()) {
            relieve();
        }
    }

    void whenRelieved(Runnable action) {
        if (saturated()) {
            relieved.add(action);
        } else {
            action.run();
        }
    }

    void fail(String why) {
        if (failure != null) {
            return;
        }
        failure = why;
        for (Waiter waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            waiter.listener.failed(why);
        }
        onFailure.accept(why);
        relieve();
    }

    private ByteBuf takeAll(List<Chunk> chunks, long entry) {
        CompositeByteBuf all = Unpooled.compositeBuffer(chunks.size());
        for (Chunk chunk : chunks) {
            all.addComponent(true, take(chunk, entry, all.writerIndex()));
        }
        return all;
    }

    private ByteBuf take(Chunk chunk, long entry, int position) {
        ByteBuf from = chunk.memory();
        int start = chunk.journaled;
        if (!chunk.isJournaled()) {
            journaled.add(chunk);
        }
        chunk.addRange(start, entry, position);
        chunk.journaled = from.writerIndex();
        return from.retainedSlice(start, chunk.journaled - start);
    }

    private void append(ByteBuf bytes, int count, List<Chunk> chunks) {
        long ticket = openTicket++;
        var _ = journal.append(bytes, count)
                .whenComplete((offset, error) -> owner.execute(() -> completed(ticket, chunks, error)));
    }

    private void completed(long ticket, List<Chunk> chunks, @Nullable Throwable error) {
        for (Chunk chunk : chunks) {
            chunk.pins--;
            memory.releaseIfDead(chunk);
        }
        if (error != null) {
            fail(String.valueOf(error.getMessage()));
            return;
        }
        durableTicket = ticket;
        for (Waiter waiter = waiters.peek(); waiter != null && waiter.ticket <= ticket; waiter = waiters.peek()) {
            waiters.poll();
            waiter.listener.durable();
        }
        relieveIfNotSaturated();
    }

    private void relieve() {
        List<Runnable> actions = List.copyOf(relieved);
        relieved.clear();
        actions.forEach(Runnable::run);
    }
}
