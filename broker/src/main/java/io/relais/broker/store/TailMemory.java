// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The memory of chunks: who has how much, and who must give it up.
 *
 * <p>Thread: the owner. Bounds: the budget, besides chunks that are being written or read at this moment.
 */
final class TailMemory {
    private static final int FREE_MAX = 8;
    private static final int EVICTED_PER_ROUND = 16;

    private final long budgetBytes;
    private final int chunkBytes;
    private final Consumer<Chunk> journal;
    private final LinkedHashSet<Chunk> resident = new LinkedHashSet<>();
    private final ArrayDeque<ByteBuf> free = new ArrayDeque<>();
    private long residentBytes;
    private boolean closed;

    /**
     * Has no chunks yet.
     *
     * @param chunkBytes size of all chunks but those made for one larger message
     * @param journal    brings a chunk's bytes, which are in memory only, to the journal
     */
    TailMemory(long budgetBytes, int chunkBytes, Consumer<Chunk> journal) {
        this.budgetBytes = budgetBytes;
        this.chunkBytes = chunkBytes;
        this.journal = journal;
    }

    boolean isClosed() {
        return closed;
    }

    long residentBytes() {
        return residentBytes;
    }

    /** A new chunk of the usual size, or larger where {@code bytes} asks for it. */
    Chunk allocate(int bytes) {
        Chunk chunk = new Chunk(memory(Math.max(bytes, chunkBytes)));
        admit(chunk);
        return chunk;
    }

    /** Gives a chunk memory to be read back into. */
    ByteBuf restore(Chunk chunk) {
        ByteBuf memory = memory(chunk.capacity);
        chunk.memory = memory;
        admit(chunk);
        return memory;
    }

    /** Takes a chunk's memory away where nobody needs it any more: nothing in it lives, nothing of it is on its way. */
    void releaseIfDead(Chunk chunk) {
        if (chunk.live == 0 && !chunk.open && chunk.pins == 0 && chunk.inMemory()) {
            drop(chunk);
        }
    }

    /** Takes memory from the oldest chunks until the budget is kept, some per call. */
    void enforce() {
        if (residentBytes <= budgetBytes) {
            return;
        }
        int turns = EVICTED_PER_ROUND;
        for (Chunk chunk : resident.toArray(Chunk[]::new)) {
            if (residentBytes <= budgetBytes || turns == 0) {
                return;
            }
            if (chunk.open || chunk.pins > 0) {
                continue;
            }
            turns--;
            if (chunk.live == 0 || chunk.journaled == chunk.memory().writerIndex()) {
                drop(chunk);
            } else {
                journal.accept(chunk);
            }
        }
    }

    /** Gives all memory back. */
    void close() {
        closed = true;
        for (Chunk chunk : resident.toArray(Chunk[]::new)) {
            drop(chunk);
        }
        free.forEach(ByteBuf::release);
        free.clear();
    }

    private void admit(Chunk chunk) {
        resident.add(chunk);
        residentBytes += chunk.capacity;
    }

    private void drop(Chunk chunk) {
        ByteBuf memory = chunk.memory();
        chunk.memory = null;
        resident.remove(chunk);
        residentBytes -= chunk.capacity;
        if (memory.capacity() == chunkBytes && free.size() < FREE_MAX) {
            free.push(memory);
        } else {
            memory.release();
        }
    }

    private ByteBuf memory(int bytes) {
        ByteBuf memory = bytes == chunkBytes ? free.poll() : null;
        return memory != null ? memory.clear() : Unpooled.directBuffer(bytes, bytes);
    }
}
