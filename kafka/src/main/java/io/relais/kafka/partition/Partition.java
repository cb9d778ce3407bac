// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;

import io.netty.buffer.ByteBuf;
import io.relais.broker.runtime.Owner;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.TopicConfig;
import io.relais.log.BatchSlice;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.LogReader;
import io.relais.log.LogStore;
import io.relais.log.RetainedLog;
import io.relais.log.record.RecordBatch;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition of a topic: a retained log, and what Kafka knows about it. Its log is opened when it is first used.
 *
 * <p>The high watermark is the end of what is durable, or, where the topic chose a flush interval, of what is written: consumers never see what a power cut can take back.
 *
 * <p>Thread: the owner. Where a method says that the partition is open, it is one for an {@link OpenListener#opened}.
 */
public final class Partition {
    private static final Logger LOG = LoggerFactory.getLogger(Partition.class);

    /** So many bytes are appended until the state of producers is saved again: what a start has to scan at most. */
    private static final long SAVE_BYTES = 32 << 20;

    private final Topic topic;
    private final int index;
    private final LogId id;
    private final long epoch;
    private final LogStore logs;
    private final Owner owner;
    private final Appends appends = new Appends();
    private final Set<Runnable> readers = new LinkedHashSet<>();
    private final Set<HighWatermarkListener> watchers = new LinkedHashSet<>();
    private final List<OpenListener> openers = new ArrayList<>(0);
    private final AtomicBoolean progressing = new AtomicBoolean();
    private final Verifications verifications = new Verifications();
    private ProducerStates states = new ProducerStates();
    private @Nullable RetainedLog log;
    private @Nullable Errors failure;
    private CompletionStage<Void> saved = CompletableFuture.completedFuture(null);
    private long firstOffset;
    private long savedBytes;
    private boolean opening;
    private boolean deleted;

    /** Told when a partition can be used, or cannot. */
    public interface OpenListener {
        void opened(RetainedLog log);

        void failed(Errors why);
    }

    /** Told what became of an append. */
    public interface AppendListener {
        /** It is as durable as was asked for. */
        void done(long baseOffset);

        void failed(Errors why);
    }

    /** Receives an aborted transaction: its records are from {@code firstOffset} on and below its marker. */
    public interface AbortedVisitor {
        void aborted(long producerId, long firstOffset, long markerOffset);
    }

    /** Told each time the high watermark has moved, and when there will be nothing more because the partition is gone or its disk failed. */
    public interface HighWatermarkListener {
        void advanced(Partition partition, long highWatermark);
    }

    /** How durable an append must be until its producer hears of it. */
    public enum Acks {
        /** In the page cache: acks=1. */
        WRITTEN,
        /** Below the high watermark: acks=all. */
        REPLICATED
    }

    public Partition(Topic topic, int index, LogId id, long epoch, LogStore logs, Owner owner) {
        this.topic = topic;
        this.index = index;
        this.id = id;
        this.epoch = epoch;
        this.logs = logs;
        this.owner = owner;
    }

    public Topic topic() {
        return topic;
    }

    public int index() {
        return index;
    }

    /** The log that holds it. */
    public LogId log() {
        return id;
    }

    /** The epoch of its leader: it never changes on one node. */
    public int leaderEpoch() {
        return 0;
    }

    /** Opens the log where it is not, then calls back: at once where it is. */
    public void whenOpen(OpenListener listener) {
        RetainedLog opened = log;
        Errors failed = failure;
        if (deleted) {
            listener.failed(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        } else if (failed != null) {
            listener.failed(failed);
        } else if (opened != null) {
            listener.opened(opened);
        } else {
            openers.add(listener);
            open();
        }
    }

    private void open() {
        if (opening) {
            return;
        }
        opening = true;
        Opening.open(logs, id, epoch, topic.config().logOptions(), new Advance(), owner.clock().nowMs())
                .whenComplete((opened, error) -> owner.execute(() -> opened(opened, error)));
    }

    private void opened(@Nullable Opening opened, @Nullable Throwable error) {
        opening = false;
        if (opened == null) {
            LOG.error("partition {} cannot be opened", this, error);
            failure = Errors.KAFKA_STORAGE_ERROR;
        } else {
            log = opened.log();
            states = opened.state().states();
            firstOffset = opened.state().firstOffset();
            opened.log().options(topic.config().logOptions()); // they may have changed meanwhile
        }
        List<OpenListener> listeners = List.copyOf(openers);
        openers.clear();
        listeners.forEach(this::whenOpen);
    }

    private RetainedLog opened() {
        RetainedLog opened = log;
        if (opened == null) {
            throw new IllegalStateException("partition " + this + " is not open");
        }
        return opened;
    }

    /**
     * Appends batches that the broker itself wrote: group metadata, the state of transactions. Nothing about them is checked; the leader epoch and the offsets are put in. The partition is open.
     *
     * @param batches  takes a reference
     * @param listener told when they are below the high watermark, or that they never will be
     * @return the offset of the first record
     * @throws LogException where the log takes no more; the listener is not told then
     */
    public long append(ByteBuf batches, AppendListener listener) {
        return append(batches, Acks.REPLICATED, listener);
    }

    /**
     * Ends the transaction of a producer in this partition, for its coordinator. The partition is open.
     *
     * @param producerEpoch    at or above that of the producer's records, else {@link Errors#INVALID_PRODUCER_EPOCH}
     * @param coordinatorEpoch at or above that of the last marker, else {@link Errors#TRANSACTION_COORDINATOR_FENCED}
     * @param listener         told when the marker is below the high watermark
     */
    public void appendMarker(long producerId, short producerEpoch, boolean commit, int coordinatorEpoch,
            AppendListener listener) {
        Errors wrong = states.checkMarker(producerId, producerEpoch, coordinatorEpoch);
        if (wrong != Errors.NONE) {
            listener.failed(wrong);
            return;
        }
        try {
            append(Markers.batch(producerId, producerEpoch, commit, coordinatorEpoch, owner.clock().nowMs()), listener);
        } catch (LogException e) {
            listener.failed(Errors.KAFKA_STORAGE_ERROR);
        }
    }

    /** Appends batches that were checked. The partition is open. */
    long append(ByteBuf batches, Acks acks, AppendListener listener) {
        RetainedLog opened = opened();
        int bytes = batches.readableBytes();
        int count = 0;
        for (int at = batches.readerIndex(); at < batches.writerIndex(); at += RecordBatch.sizeBytes(batches, at)) {
            Batch.leaderEpoch(batches, at, leaderEpoch());
            count += RecordBatch.lastOffsetDelta(batches, at) + 1;
        }
        batches.retain(); // its headers are read below, whatever the log does with it
        try {
            long base = opened.append(batches, count);
            long nowMs = owner.clock().nowMs();
            for (int at = batches.readerIndex(); at < batches.writerIndex(); at += RecordBatch.sizeBytes(batches, at)) {
                states.appended(batches, at, RecordBatch.baseOffset(batches, at), nowMs);
            }
            appends.add(base, base + count, bytes, acks, listener);
            saveNowAndThen();
            return base;
        } finally {
            batches.release();
        }
    }

    /** Where consumers may read to. The partition is open. */
    public long highWatermark() {
        RetainedLog opened = opened();
        return topic.config().logOptions().syncsAtOnce() ? opened.durableEnd() : opened.writtenEnd();
    }

    /** Where consumers with {@code read_committed} may read to: every transaction below is decided. The partition is open. */
    public long lastStableOffset() {
        return Math.min(states.firstUnstableOffset(), highWatermark());
    }

    /** The lowest offset that may be read. The partition is open. */
    public long logStartOffset() {
        return Math.max(firstOffset, opened().startOffset());
    }

    /** The offset that the next record gets. The partition is open. */
    public long logEndOffset() {
        return opened().nextOffset();
    }

    /** Visits the aborted transactions that have records from {@code from} on and below {@code end}. The partition is open. */
    public void aborted(long from, long end, AbortedVisitor visitor) {
        states.aborted().within(from, end, visitor);
    }

    /** Bytes that became visible to consumers since the partition was opened. */
    long visibleBytes() {
        return appends.visibleBytes();
    }

    /** Its producers and transactions. The partition is open. */
    ProducerStates states() {
        return states;
    }

    /** Receives what compaction must know of a producer. */
    public interface ProducerVisitor {
        /** @param lastOffset of its last batch; -1 where only a marker is remembered */
        void producer(long producerId, short epoch, long lastOffset);
    }

    /** Visits the producers that are remembered. The partition is open. */
    public void producers(ProducerVisitor visitor) {
        states.all().forEach(each -> visitor.producer(each.producerId(), each.epoch(), each.lastOffset()));
    }

    /** Visits the aborted transactions whose markers are at an offset or behind it, in the order of the markers. The partition is open. */
    public void aborted(long from, AbortedVisitor visitor) {
        AbortedTransactions aborted = states.aborted();
        for (int i = aborted.firstEndingAt(from); i < aborted.count(); i++) {
            visitor.aborted(aborted.producerId(i), aborted.firstOffset(i), aborted.lastOffset(i));
        }
    }

    /**
     * Forgets aborted transactions of which nothing is left: a consumer that was told of one would wait for a marker that is not there. The partition is open.
     *
     * @param gone of markers, by their offsets
     * @return completes on a thread of the driver once it is durable
     */
    public CompletionStage<Void> forgetAborted(LongPredicate gone) {
        return states.aborted().removeIf(gone) ? save() : CompletableFuture.completedFuture(null);
    }

    /** Producers whose transactions are being verified. */
    Verifications verifications() {
        return verifications;
    }

    /** Somebody waits for what was appended before, as durable as he wants it. */
    void await(long baseOffset, long endOffset, Acks acks, AppendListener listener) {
        if (endOffset <= (acks == Acks.WRITTEN ? opened().writtenEnd() : highWatermark())) {
            listener.done(baseOffset);
        } else {
            appends.await(baseOffset, endOffset, acks, listener);
        }
    }

    /** Finds batches; null where there are none below {@code end}. The partition is open. */
    public CompletionStage<@Nullable BatchSlice> read(long from, int maxBytes, long end) {
        return opened().slice(from, maxBytes, end);
    }

    /** Every written batch from the one that holds {@code from} on, as {@link RetainedLog#scan}. The partition is open. */
    public CompletionStage<Void> scan(long from, LogReader.EntryVisitor visitor) {
        return opened().scan(from, visitor);
    }

    /** Finds records below {@code end} by their time. The partition is open. */
    RecordLookup lookup(Executor blocking, long end) {
        return new RecordLookup(opened(), blocking, logStartOffset(), end);
    }

    /** Runs once, when the high watermark has moved. */
    public void whenAdvanced(Runnable action) {
        readers.add(action);
    }

    public void removeReader(Runnable action) {
        readers.remove(action);
    }

    /** Told from now on, each time the high watermark has moved. */
    public void onHighWatermark(HighWatermarkListener listener) {
        watchers.add(listener);
    }

    public void removeListener(HighWatermarkListener listener) {
        watchers.remove(listener);
    }

    /** Whether it is gone, with its topic. */
    public boolean isDeleted() {
        return deleted;
    }

    /** Whether it is open and sound. */
    boolean isOpen() {
        return log != null && failure == null && !deleted;
    }

    public void configure(TopicConfig config) {
        RetainedLog opened = log;
        if (opened != null) {
            opened.options(config.logOptions());
        }
    }

    /**
     * Gives up all records below an offset (DeleteRecords). The partition is open.
     *
     * @param before at most the high watermark
     * @return completes on a thread of the driver once it is durable
     */
    public CompletionStage<Void> deleteBefore(long before) {
        firstOffset = Math.max(firstOffset, before);
        return save().thenCompose(done -> opened().trim(before));
    }

    private void saveNowAndThen() {
        if (appends.appendedBytes() - savedBytes >= SAVE_BYTES) {
            save().whenComplete((done, error) -> {
                if (error != null) {
                    LOG.warn("the state of partition {} was not saved: a start will have to scan for it", this, error);
                }
            });
        }
    }

    /** One after the other: an older state never replaces a newer one. */
    private CompletionStage<Void> save() {
        savedBytes = appends.appendedBytes();
        states.aborted().trim(logStartOffset());
        ByteBuf state = new SavedState(firstOffset, opened().nextOffset(), states).encode();
        saved = saved.exceptionally(error -> null).thenCompose(done -> logs.saveState(id, state));
        return saved;
    }

    /** Saves what would have to be scanned for else. For the end of the process, after the last append. */
    public CompletionStage<Void> close() {
        boolean worthIt = log != null && failure == null && !deleted && appends.appendedBytes() > savedBytes;
        return worthIt ? save() : CompletableFuture.completedFuture(null);
    }

    /** Deletes the log: who waits hears that there is no such partition. */
    public void delete() {
        deleted = true;
        appends.fail(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        wake();
        logs.delete(id);
    }

    private void advanced() {
        progressing.set(false);
        RetainedLog opened = log;
        if (opened == null || deleted) {
            return;
        }
        long highWatermark = highWatermark();
        states.advanced(highWatermark);
        appends.advanced(opened.writtenEnd(), highWatermark);
        wake();
    }

    private void wake() {
        if (!watchers.isEmpty() && log != null) {
            long highWatermark = highWatermark();
            for (HighWatermarkListener watcher : List.copyOf(watchers)) {
                watcher.advanced(this, highWatermark);
            }
        }
        if (!readers.isEmpty()) {
            List<Runnable> woken = List.copyOf(readers);
            readers.clear();
            woken.forEach(Runnable::run);
        }
    }

    private void died(LogException why) {
        LOG.error("partition {} takes no more records: {}", this, why.getMessage());
        failure = Errors.KAFKA_STORAGE_ERROR;
        appends.fail(Errors.KAFKA_STORAGE_ERROR);
        wake();
    }

    @Override
    public String toString() {
        return topic.name() + "-" + index;
    }

    /** Brings the news of the log to the owner, once for all that came meanwhile. */
    private final class Advance implements RetainedLog.Progress {
        private final Runnable task = Partition.this::advanced;

        @Override
        public void written(long end) {
            wake();
        }

        @Override
        public void durable(long end) {
            wake();
        }

        private void wake() {
            if (progressing.compareAndSet(false, true)) {
                owner.execute(task);
            }
        }

        @Override
        public void died(LogException why) {
            owner.execute(() -> Partition.this.died(why));
        }
    }
}
