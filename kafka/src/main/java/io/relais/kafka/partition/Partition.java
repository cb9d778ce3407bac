// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.buffer.ByteBuf;
import io.relais.broker.runtime.Owner;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.TopicConfig;
import io.relais.log.BatchSlice;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.LogStore;
import io.relais.log.RetainedLog;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition of a topic: a retained log, and what Kafka knows about it. Its log is opened when it is first used.
 *
 * <p>The high watermark is the end of what is durable, or, where the topic chose a flush interval, of what is written: consumers never see what a power cut can take back.
 *
 * <p>Thread: the owner.
 */
public final class Partition {
    private static final Logger LOG = LoggerFactory.getLogger(Partition.class);

    private final Topic topic;
    private final int index;
    private final LogId id;
    private final long epoch;
    private final LogStore logs;
    private final Owner owner;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final List<Runnable> readers = new ArrayList<>();
    private final List<OpenListener> openers = new ArrayList<>();
    private final AtomicBoolean progressing = new AtomicBoolean();
    private @Nullable RetainedLog log;
    private @Nullable Errors failure;
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

    /** How durable an append must be until its producer hears of it. */
    public enum Acks {
        /** In the page cache: acks=1. */
        WRITTEN,
        /** Below the high watermark: acks=all. */
        REPLICATED
    }

    private record Waiting(long baseOffset, long endOffset, Acks acks, AppendListener listener) {}

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
        logs.openRetained(id, epoch, topic.config().logOptions(), new Advance())
                .whenComplete((opened, error) -> owner.execute(() -> opened(opened, error)));
    }

    private void opened(@Nullable RetainedLog opened, @Nullable Throwable error) {
        opening = false;
        if (opened == null) {
            LOG.error("partition {} cannot be opened", this, error);
            failure = Errors.KAFKA_STORAGE_ERROR;
        }
        log = opened;
        List<OpenListener> listeners = List.copyOf(openers);
        openers.clear();
        listeners.forEach(this::whenOpen);
    }

    /** Appends batches that were validated. Takes a reference of {@code batches}. */
    void append(ByteBuf batches, int count, Acks acks, AppendListener listener) {
        RetainedLog opened = opened();
        long base;
        try {
            base = opened.append(batches, count);
        } catch (LogException e) {
            listener.failed(Errors.KAFKA_STORAGE_ERROR);
            return;
        }
        waiting.add(new Waiting(base, base + count, acks, listener));
    }

    private RetainedLog opened() {
        RetainedLog opened = log;
        if (opened == null) {
            throw new IllegalStateException("partition " + this + " is not open");
        }
        return opened;
    }

    /** Where consumers may read to. The partition is open. */
    public long highWatermark() {
        RetainedLog opened = opened();
        return topic.config().logOptions().syncsAtOnce() ? opened.durableEnd() : opened.writtenEnd();
    }

    /** The lowest offset that may be read. */
    public long logStartOffset() {
        return opened().startOffset();
    }

    /** Finds batches; null where there are none below {@code end}. */
    CompletionStage<@Nullable BatchSlice> read(long from, int maxBytes, long end) {
        return opened().slice(from, maxBytes, end);
    }

    /** Runs once, when the high watermark has moved. */
    public void whenAdvanced(Runnable action) {
        readers.add(action);
    }

    public void removeReader(Runnable action) {
        readers.remove(action);
    }

    public void configure(TopicConfig config) {
        RetainedLog opened = log;
        if (opened != null) {
            opened.options(config.logOptions());
        }
    }

    /** Deletes the log: who waits hears that there is no such partition. */
    public void delete() {
        deleted = true;
        List.copyOf(waiting).forEach(each -> each.listener().failed(Errors.UNKNOWN_TOPIC_OR_PARTITION));
        waiting.clear();
        wakeReaders();
        logs.delete(id);
    }

    private void advanced() {
        progressing.set(false);
        RetainedLog opened = log;
        if (opened == null || deleted) {
            return;
        }
        long written = opened.writtenEnd();
        long visible = highWatermark();
        for (var each = waiting.iterator(); each.hasNext();) {
            Waiting next = each.next();
            if (next.endOffset() > written) {
                break;
            }
            if (next.endOffset() <= (next.acks() == Acks.WRITTEN ? written : visible)) {
                each.remove();
                next.listener().done(next.baseOffset());
            }
        }
        wakeReaders();
    }

    private void wakeReaders() {
        if (!readers.isEmpty()) {
            List<Runnable> woken = List.copyOf(readers);
            readers.clear();
            woken.forEach(Runnable::run);
        }
    }

    private void died(LogException why) {
        LOG.error("partition {} takes no more records: {}", this, why.getMessage());
        failure = Errors.KAFKA_STORAGE_ERROR;
        List.copyOf(waiting).forEach(each -> each.listener().failed(Errors.KAFKA_STORAGE_ERROR));
        waiting.clear();
        wakeReaders();
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
