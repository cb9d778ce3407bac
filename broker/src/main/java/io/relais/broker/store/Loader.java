// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.netty.buffer.ByteBuf;
import io.relais.broker.runtime.Owner;
import io.relais.log.LogReader;
import io.relais.log.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/** Reads the bytes of evicted chunks back from the journal. Thread: the owner; the reading itself is done by the journal's driver. */
final class Loader {
    private final Owner owner;
    private final LogReader journal;
    private final TailMemory memory;
    private final DamageReport damaged;

    /** Hears of a batch that no longer matches its checksum. */
    interface DamageReport {
        void lost(Extent extent, String what);
    }

    Loader(Owner owner, LogReader journal, TailMemory memory, DamageReport damaged) {
        this.owner = owner;
        this.journal = journal;
        this.memory = memory;
        this.damaged = damaged;
    }

    /** Calls back once the chunk is in memory; at once where it is. */
    void load(Chunk chunk, Runnable loaded) {
        if (chunk.inMemory()) {
            loaded.run();
        } else if (chunk.waiting != null) {
            chunk.waiting.add(loaded);
        } else {
            chunk.waiting = new ArrayList<>(List.of(loaded));
            read(chunk);
        }
    }

    private void read(Chunk chunk) {
        @SuppressWarnings({"unchecked", "rawtypes"})
        CompletableFuture<ByteBuf>[] reads = new CompletableFuture[chunk.ranges()];
        for (int i = 0; i < reads.length; i++) {
            reads[i] = journal.read(chunk.entry(i), chunk.position(i), chunk.length(i)).toCompletableFuture();
        }
        var _ = CompletableFuture.allOf(reads)
                .whenComplete((all, error) -> owner.execute(() -> arrived(chunk, reads, error)));
    }

    private void arrived(Chunk chunk, CompletableFuture<ByteBuf>[] reads, @Nullable Throwable error) {
        List<Runnable> waiting = java.util.Objects.requireNonNull(chunk.waiting);
        chunk.waiting = null;
        if (chunk.live > 0 && !memory.isClosed()) {
            ByteBuf bytes = memory.restore(chunk);
            for (int i = 0; i < reads.length; i++) {
                copy(reads[i], bytes, chunk.start(i), chunk.length(i));
            }
            bytes.writerIndex(chunk.journaled);
            for (Extent extent : chunk.extents()) {
                String wrong = RecordBatch.verify(bytes, (int) extent.position, extent.sizeBytes);
                if (wrong != null) {
                    damaged.lost(extent, error == null ? wrong : wrong + " (" + error.getMessage() + ")");
                }
            }
        } else {
            for (CompletableFuture<ByteBuf> read : reads) {
                if (!read.isCompletedExceptionally()) {
                    read.join().release();
                }
            }
        }
        if (!memory.isClosed()) {
            waiting.forEach(Runnable::run);
        }
    }

    /** What could not be read stays zero, and fails its batch's checksum. */
    private static void copy(CompletableFuture<ByteBuf> read, ByteBuf into, int at, int length) {
        if (read.isCompletedExceptionally()) {
            into.setZero(at, length);
            return;
        }
        ByteBuf part = read.join();
        into.setBytes(at, part, part.readerIndex(), Math.min(length, part.readableBytes()));
        part.release();
    }
}
