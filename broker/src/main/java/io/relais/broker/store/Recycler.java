// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.relais.broker.runtime.Owner;
import io.relais.log.LogWriter;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the journal short: carries what lives in its oldest file on, and lets the file go.
 *
 * <p>Messages of queues that have little in the journal are appended again; those of queues with much go to their backlogs. The journal may hold twice what lives in it, so each
 * byte appended costs at most one more byte written.
 *
 * <p>Thread: the owner; one chunk per turn, so that it holds up nobody.
 */
final class Recycler {
    private final Shard shard;
    private final Owner owner;
    private final LogWriter journal;
    private final Commits commits;
    private final long fileBytes;
    private final long backlogThresholdBytes;
    private final long journaledMax;

    private boolean running;
    private boolean behind;
    private long partEnd;
    private ArrayDeque<Chunk> todo = new ArrayDeque<>();
    private Map<QueueLog, Spill> spills = new LinkedHashMap<>();
    private List<Moved> moved = new ArrayList<>();

    /** An extent that has a copy in its queue's backlog. */
    private static final class Moved {
        final Extent extent;
        final Chunk from;
        long position = -1;

        Moved(Extent extent, Chunk from) {
            this.extent = extent;
            this.from = from;
        }
    }

    Recycler(Shard shard, LogWriter journal, Commits commits, long fileBytes, long backlogThresholdBytes,
            long journaledMax) {
        this.shard = shard;
        this.owner = shard.owner();
        this.journal = journal;
        this.commits = commits;
        this.fileBytes = fileBytes;
        this.backlogThresholdBytes = backlogThresholdBytes;
        this.journaledMax = journaledMax;
    }

    /** Begins, if the journal is long enough and it is not at it already. */
    void check() {
        if (commits.failure() != null) {
            return;
        }
        List<LogWriter.Part> parts = journal.parts();
        long bytes = 0;
        for (LogWriter.Part part : parts) {
            bytes += part.bytes();
        }
        long kept = Math.min(shard.journaledBytes(), journaledMax);
        long allowed = Math.max(4 * fileBytes, 2 * (kept + fileBytes));
        behind = bytes > 2 * allowed;
        if (!running && parts.size() > 2 && bytes > allowed) {
            running = true;
            begin(parts.getFirst().endOffset());
        }
    }

    /** Whether the journal grows faster than it can be recycled: publishers should pause. */
    boolean isBehind() {
        return behind;
    }

    private void begin(long end) {
        partEnd = end;
        todo = new ArrayDeque<>();
        spills = new LinkedHashMap<>();
        moved = new ArrayList<>();
        shard.rollLane();
        for (Chunk chunk : commits.journaled()) {
            if (chunk.firstEntry() >= end) {
                break;
            }
            todo.add(chunk);
        }
        next();
    }

    private void next() {
        if (commits.failure() != null) {
            return;
        }
        Chunk chunk = todo.poll();
        if (chunk == null) {
            CompletableFuture<?>[] appends = spills.values().stream().map(Spill::finish)
                    .toArray(CompletableFuture[]::new);
            var _ = CompletableFuture.allOf(appends)
                    .whenComplete((all, error) -> owner.execute(() -> spilled(error)));
        } else if (chunk.live == 0) {
            next();
        } else {
            shard.loader().load(chunk, () -> openBacklogs(chunk));
        }
    }

    /** Opens the backlogs that this chunk's messages go to, then carries them on. */
    private void openBacklogs(Chunk chunk) {
        List<CompletableFuture<?>> openings = new ArrayList<>();
        Set<QueueLog> logs = new LinkedHashSet<>();
        chunk.extents().forEach(extent -> logs.add(extent.log));
        for (QueueLog log : logs) {
            if (!spills.containsKey(log) && wantsBacklog(log)) {
                Backlog backlog = log.backlog();
                if (backlog != null) {
                    spills.put(log, new Spill(log, backlog));
                } else {
                    openings.add(shard.openBacklog(log).toCompletableFuture());
                }
            }
        }
        if (openings.isEmpty()) {
            carryOn(chunk);
        } else {
            var _ = CompletableFuture.allOf(openings.toArray(CompletableFuture[]::new))
                    .whenComplete((all, error) -> owner.execute(() -> {
                        if (error != null) {
                            commits.fail("a backlog cannot be opened: " + error.getMessage());
                        } else {
                            shard.loader().load(chunk, () -> openBacklogs(chunk));
                        }
                    }));
        }
    }

    private boolean wantsBacklog(QueueLog log) {
        long threshold = shard.journaledBytes() <= journaledMax ? backlogThresholdBytes : 0;
        return log.journaledBytes() > threshold || (log.backlog() != null && !log.spans().isEmpty());
    }

    private void carryOn(Chunk chunk) {
        if (chunk.live > 0 && !chunk.inMemory()) {
            shard.loader().load(chunk, () -> carryOn(chunk));
            return;
        }
        List<Extent> extents = chunk.extents();
        extents.sort(Comparator.comparingLong((Extent extent) -> extent.log.number())
                .thenComparingLong(extent -> extent.base));
        @Nullable
        QueueLog copied = null;
        for (Extent extent : extents) {
            Spill spill = spills.get(extent.log);
            if (spill != null) {
                Moved move = new Moved(extent, chunk);
                moved.add(move);
                spill.add(chunk.memory(), (int) extent.position, extent.base, extent.base, extent.count,
                        at -> move.position = at);
            } else {
                shard.copyForward(extent);
                if (copied != extent.log) {
                    copied = extent.log;
                    shard.journalDelivered(copied);
                }
            }
        }
        commits.commit();
        owner.execute(this::next);
    }

    private void spilled(@Nullable Throwable error) {
        if (error != null) {
            commits.fail("a backlog cannot be written: " + error.getMessage());
            return;
        }
        for (Moved move : moved) {
            Extent extent = move.extent;
            if (extent.live > 0 && extent.chunk == move.from) {
                extent.log.movedToBacklog(extent, move.position);
                shard.memory().releaseIfDead(move.from);
            }
        }
        for (QueueLog log : spills.keySet()) {
            if (log.backlog() != null) {
                Spans.join(log);
            }
        }
        moved = new ArrayList<>();
        shard.readable();
        for (QueueLog log : shard.logs()) {
            if (spills.containsKey(log) || (log.stateEntry() < partEnd && QueueState.isNeeded(log))) {
                shard.journalState(log);
            }
        }
        spills.values().forEach(Spill::done);
        spills = new LinkedHashMap<>();
        long ticket = commits.openTicket();
        if (commits.isPending()) {
            commits.commit();
        } else {
            ticket = 0;
        }
        commits.whenDurable(ticket, new DurabilityListener() {
            @Override
            public void durable() {
                trim();
            }

            @Override
            public void failed(String why) {
                // the journal keeps the file: nothing is lost
            }
        });
    }

    private void trim() {
        ArrayDeque<Chunk> journaled = commits.journaled();
        while (!journaled.isEmpty() && journaled.getFirst().firstEntry() < partEnd) {
            journaled.removeFirst();
        }
        var _ = journal.trim(partEnd).whenComplete((done, error) -> owner.execute(() -> {
            running = false;
            check();
            commits.relieveIfNotSaturated();
        }));
    }
}
