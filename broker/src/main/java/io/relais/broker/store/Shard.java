// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.relais.broker.BrokerOptions;
import io.relais.broker.Message;
import io.relais.broker.runtime.Owner;
import io.relais.log.LogId;
import io.relais.log.LogOptions;
import io.relais.log.LogStore;
import io.relais.log.LogWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A set of queue logs with one owner and one journal.
 *
 * <p>Work is done in rounds: what one look at the sockets brought is appended, journaled with one write, delivered and flushed together ({@link #endOfRound}).
 *
 * <p>Thread: the owner. Bounds: memory of the tail, bytes in flight, length of the journal; see {@link BrokerOptions}.
 */
public final class Shard {
    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);
    private static final int ITEM_SLACK = 16;

    private final int number;
    private final long epoch;
    private final LogStore logStore;
    private final Owner owner;
    private final BrokerOptions options;
    private final StoreSizes sizes;
    private final LogWriter journal;
    private final Map<Long, QueueLog> logs;
    private final TailMemory memory;
    private final Commits commits;
    private final Lane durableLane;
    private final Lane transientLane;
    private final Loader loader;
    private final Recycler recycler;
    private final Compactor compactor;
    private final Windows windows;
    private final RecordView view = new RecordView();
    private final List<QueueLog> acknowledgementsDue = new ArrayList<>();
    private final List<Consumer<String>> failureListeners = new ArrayList<>();
    private final List<Consumer<String>> damageListeners = new ArrayList<>();
    private List<Runnable> deliveries = new ArrayList<>();
    private List<Runnable> nextDeliveries = new ArrayList<>();
    private boolean roundScheduled;
    private boolean acknowledgementTimer;
    private long journaledBytes;
    private long nowMs = -1;

    private Shard(int number, long epoch, LogStore logStore, Owner owner, BrokerOptions options, StoreSizes sizes,
            LogWriter journal,
            Map<Long, QueueLog> logs) {
        this.number = number;
        this.epoch = epoch;
        this.logStore = logStore;
        this.owner = owner;
        this.options = options;
        this.sizes = sizes;
        this.windows = new Windows(sizes.windowsBytes());
        this.journal = journal;
        this.logs = logs;
        this.memory = new TailMemory(options.tailMemoryBytes(), sizes.chunkBytes(), this::journalWhole);
        this.commits = new Commits(owner, journal, memory, options.inFlightBytes(), this::journalTooLong,
                this::readable, this::tellFailure);
        this.durableLane = new Lane(memory, commits, true);
        this.transientLane = new Lane(memory, commits, false);
        this.loader = new Loader(owner, journal, memory, this::lost);
        this.recycler = new Recycler(this, journal, commits, options.journalFileBytes(),
                options.backlogThresholdBytes(),
                sizes.journaledMax());
        this.compactor = new Compactor(this);
    }

    /**
     * Opens the shard and replays its journal. Completes on the owner thread.
     *
     * @param epoch   higher than at every earlier opening
     * @param durable numbers of the queue logs that exist; what the journal holds of others is dropped
     */
    public static CompletionStage<Shard> open(int number, long epoch, LogStore logStore, Owner owner,
            BrokerOptions options, StoreSizes sizes, Set<Long> durable) {
        CompletableFuture<Shard> opened = new CompletableFuture<>();
        var _ = logStore.openAndFence(LogId.journal(number), epoch, LogOptions.durable(options.journalFileBytes()))
                .thenCompose(journal -> {
                    Map<Long, QueueLog> logs = new HashMap<>();
                    Shard shard = new Shard(number, epoch, logStore, owner, options, sizes, journal, logs);
                    durable.forEach(log -> logs.put(log, new QueueLog(shard, log)));
                    Recovery recovery = new Recovery(logs, sizes.chunkBytes());
                    return journal.scan(journal.startOffset(), (offset, count, bytes) -> recovery.entry(offset, bytes))
                            .thenCompose(scanned -> shard.recovered(recovery.finish()))
                            .thenCompose(done -> shard.dropOrphans()).thenApply(done -> shard);
                }).whenComplete((shard, error) -> owner.execute(() -> {
                    if (error != null) {
                        opened.completeExceptionally(error);
                    } else {
                        opened.complete(shard);
                    }
                }));
        return opened;
    }

    private CompletionStage<@Nullable Void> recovered(List<Chunk> chunks) {
        commits.journaled().addAll(chunks);
        List<CompletableFuture<?>> openings = new ArrayList<>();
        for (QueueLog log : logs.values()) {
            if (!log.spans().isEmpty()) {
                openings.add(openBacklog(log).thenAccept(backlog -> backlog.writer()).toCompletableFuture());
            }
        }
        return all(openings);
    }

    private static CompletionStage<@Nullable Void> all(List<CompletableFuture<?>> parts) {
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).thenApply(done -> null);
    }

    /** Deletes the backlogs of queues that are gone. */
    private CompletionStage<@Nullable Void> dropOrphans() {
        return logStore.list(number).thenCompose(ids -> {
            List<CompletableFuture<?>> deletions = new ArrayList<>();
            for (LogId id : ids) {
                if (!id.isJournal() && !logs.containsKey(id.number())) {
                    deletions.add(logStore.delete(id).toCompletableFuture());
                }
            }
            return all(deletions);
        });
    }

    /** The log with this number: as recovery found it, or a new one. */
    public QueueLog log(long logNumber, Durability durability) {
        QueueLog log = logs.computeIfAbsent(logNumber, created -> new QueueLog(this, created));
        log.durability(durability);
        return log;
    }

    /** Appends a message to every log of a target. Returns a ticket for {@link #whenDurable}, or 0 where nothing has to be waited for. */
    public long append(Target target, Message message) {
        boolean forJournal = target.surviving(message.persistent()) > 0;
        (forJournal ? durableLane : transientLane).append(target, message, nowMs());
        scheduleRound();
        return forJournal ? commits.openTicket() : 0;
    }

    /** The time of this round, ms since the epoch. */
    public long nowMs() {
        if (nowMs < 0) {
            nowMs = owner.clock().nowMs();
            scheduleRound();
        }
        return nowMs;
    }

    /** Runs a delivery at the end of the round, after what was appended in it went to the journal. */
    public void atEndOfRound(Runnable delivery) {
        nextDeliveries.add(delivery);
        scheduleRound();
    }

    /** Calls back on the owner thread once everything up to {@code ticket} is durable, or the storage has failed; at once where it is. */
    public void whenDurable(long ticket, DurabilityListener listener) {
        commits.whenDurable(ticket, listener);
    }

    /** Whether publishers should pause: too much is on its way to the disk. */
    public boolean saturated() {
        return commits.saturated();
    }

    /** Runs once, when the shard is no longer saturated; at once where it is not. */
    public void whenRelieved(Runnable action) {
        commits.whenRelieved(action);
    }

    /** Told once, with the reason, when the storage takes no more. */
    public void onFailure(Consumer<String> listener) {
        failureListeners.add(listener);
        String failure = commits.failure();
        if (failure != null) {
            listener.accept(failure);
        }
    }

    /** Told of messages that cannot be read any more. */
    public void onDamage(Consumer<String> listener) {
        damageListeners.add(listener);
    }

    public Owner owner() {
        return owner;
    }

    /** Bytes of messages in memory. */
    public long residentBytes() {
        return memory.residentBytes();
    }

    /** Journals what is pending, waits for the disk, and closes. */
    public CompletionStage<@Nullable Void> close() {
        CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
        endOfRound();
        writeAcknowledgements();
        long ticket = commits.isPending() ? commits.openTicket() : commits.openTicket() - 1;
        commits.commit();
        commits.whenDurable(ticket, new DurabilityListener() {
            @Override
            public void durable() {
                abandon();
                closed.complete(null);
            }

            @Override
            public void failed(String why) {
                abandon();
                closed.complete(null);
            }
        });
        return closed;
    }

    /** Stops at once, as a crash does, but gives memory and files back. */
    public void abandon() {
        logs.values().forEach(QueueLog::close);
        memory.close();
        journal.close();
    }

    // ---- the round

    private void scheduleRound() {
        if (!roundScheduled) {
            roundScheduled = true;
            owner.execute(this::endOfRound);
        }
    }

    private void endOfRound() {
        roundScheduled = false;
        if (commits.isPending()) {
            writeAcknowledgements();
            commits.commit();
        }
        List<Runnable> now = nextDeliveries;
        nextDeliveries = deliveries;
        deliveries = now;
        for (int i = 0; i < now.size(); i++) {
            now.get(i).run();
        }
        now.clear();
        memory.enforce();
        recycler.check();
        nowMs = -1;
    }

    /** Finishes open batches: everything that was appended can be looked at. */
    void readable() {
        durableLane.closeBatch();
        transientLane.closeBatch();
    }

    void acknowledgementsDue(QueueLog log) {
        acknowledgementsDue.add(log);
        if (!acknowledgementTimer) {
            acknowledgementTimer = true;
            owner.schedule(options.ackDelayMs(), () -> {
                acknowledgementTimer = false;
                writeAcknowledgements();
                commits.commit();
            });
        }
    }

    private void writeAcknowledgements() {
        for (QueueLog log : acknowledgementsDue) {
            OffsetRanges ranges = log.unjournaled();
            if (!isDeleted(log)) {
                journalAcknowledged(log, ranges);
            }
            ranges.clear();
        }
        acknowledgementsDue.clear();
    }

    private void journalAcknowledged(QueueLog log, OffsetRanges ranges) {
        ByteBuf out = durableLane.reserve(JournalItem.HEADER_BYTES + 20 + ranges.size() * 16);
        int item = JournalItem.begin(out, JournalItem.ACK);
        out.writeLong(log.number()).writeLong(log.deliveredBelow()).writeInt(ranges.size());
        for (int i = 0; i < ranges.size(); i++) {
            out.writeLong(ranges.from(i)).writeLong(ranges.to(i));
        }
        JournalItem.end(out, item);
        commits.added(true);
    }

    // ---- what recycling and backlogs use

    void journal(byte type, Consumer<ByteBuf> body) {
        ByteBuf out = durableLane.reserve(JournalItem.HEADER_BYTES + 20 + ITEM_SLACK);
        int item = JournalItem.begin(out, type);
        body.accept(out);
        JournalItem.end(out, item);
        commits.added(true);
        scheduleRound();
    }

    void journalDelivered(QueueLog log) {
        if (log.durable()) {
            journalAcknowledged(log, new OffsetRanges());
        }
    }

    void journalState(QueueLog log) {
        if (!log.durable()) {
            return;
        }
        ByteBuf out = durableLane.reserve(JournalItem.HEADER_BYTES + QueueState.sizeBytes(log));
        int item = JournalItem.begin(out, JournalItem.STATE);
        QueueState.write(log, out);
        JournalItem.end(out, item);
        commits.added(true);
        log.stateEntry(commits.nextEntry());
        scheduleRound();
    }

    /** Commits what is pending and runs an action once it is durable; never where the storage failed. */
    void commitThen(Runnable action) {
        long ticket = commits.isPending() ? commits.openTicket() : commits.openTicket() - 1;
        commits.commit();
        commits.whenDurable(ticket, new DurabilityListener() {
            @Override
            public void durable() {
                action.run();
            }

            @Override
            public void failed(String why) {
                // what was to follow does not
            }
        });
    }

    /** Runs an action once every acknowledgement given so far is durable: what it destroys cannot be asked for again. */
    void acknowledgedThen(Runnable action) {
        writeAcknowledgements();
        commitThen(action);
    }

    void copyForward(Extent extent) {
        durableLane.copyForward(extent);
    }

    void rollLane() {
        durableLane.roll();
        commits.commit();
    }

    /** Opens a log's backlog. Completes on the owner thread. */
    CompletionStage<Backlog> openBacklog(QueueLog log) {
        CompletableFuture<Backlog> opened = new CompletableFuture<>();
        var _ = logStore
                .openAndFence(new LogId(number, log.number()), epoch, LogOptions.durable(sizes.backlogFileBytes()))
                .whenComplete((writer, error) -> owner.execute(() -> {
                    if (error != null) {
                        opened.completeExceptionally(error);
                    } else {
                        Backlog backlog = new Backlog(this, log, writer);
                        log.backlog(backlog);
                        opened.complete(backlog);
                    }
                }));
        return opened;
    }

    void deleted(QueueLog log) {
        logs.remove(log.number());
        if (log.backlog() != null) {
            var _ = logStore.delete(new LogId(number, log.number()));
        }
    }

    @SuppressWarnings("ReferenceEquality") // the very log: a number is never used twice
    boolean isDeleted(QueueLog log) {
        return logs.get(log.number()) != log;
    }

    Collection<QueueLog> logs() {
        return logs.values();
    }

    TailMemory memory() {
        return memory;
    }

    Loader loader() {
        return loader;
    }

    Windows windows() {
        return windows;
    }

    Compactor compactor() {
        return compactor;
    }

    RecordView view() {
        return view;
    }

    void journaledBytes(int more) {
        journaledBytes += more;
    }

    /** Bytes of live batches in chunks, all logs together: what a longer backlog must not make grow. */
    public long journaledBytes() {
        return journaledBytes;
    }

    void failed(String why) {
        commits.fail(why);
    }

    void damaged(String what) {
        LOG.error("{}", what);
        damageListeners.forEach(listener -> listener.accept(what));
    }

    private boolean journalTooLong() {
        return recycler.isBehind();
    }

    private void journalWhole(Chunk chunk) {
        commits.journalWhole(chunk);
    }

    private void lost(Extent extent, String what) {
        damaged("queue log " + extent.log.number() + ": messages at offsets " + extent.base + ".." + (extent.end() - 1)
                + " are lost: " + what);
        extent.log.acknowledgeAll(extent.base, extent.end());
    }

    private void tellFailure(String why) {
        LOG.error("the storage takes no more: {}", why);
        failureListeners.forEach(listener -> listener.accept(why));
    }
}
