// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.relais.broker.runtime.Owner;
import io.relais.kafka.partition.Partition;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.TopicListener;
import io.relais.kafka.topic.Topics;
import io.relais.log.BatchSlice;
import io.relais.log.RetainedLog;
import io.relais.log.RetainedLog.Part;
import io.relais.log.metadata.MetadataStore;
import io.relais.log.record.RecordBatch;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps all partitions within their retention and compacts those that want it, in the background: one after the other, the dirtiest first, over and over.
 *
 * <p>Thread: the owner decides; reading and rewriting are on threads of the logs' driver. Memory: {@link CleanSettings#offsetMapBytes} while something is compacted; 50 bytes for each partition with a time limit.
 */
public final class Cleaner {
    private static final Logger LOG = LoggerFactory.getLogger(Cleaner.class);
    private static final long UNKNOWN = -1;

    private final CleanSettings settings;
    private final Topics topics;
    private final Owner owner;
    private final Executor blocking;
    private final RandomGenerator random;
    private final CleanPoints points;
    private final Map<Long, FileStart> fileStarts = new HashMap<>();
    private final Set<Long> uncleanable = new HashSet<>();
    private final Deque<Partition> left = new ArrayDeque<>();
    private final List<Candidate> candidates = new ArrayList<>();
    private Owner.Timer timer;
    private long retentionCheckedMs;
    private boolean checkingRetention;
    private @Nullable Pass running;
    private boolean closed;

    /** When a file of a log was begun, by its first record, and how much earlier than others it ends. */
    private record FileStart(long firstOffset, long timestampMs, long jitterMs) {}

    private record Candidate(Partition partition, RetainedLog log, double dirtyRatio) {}

    private Cleaner(CleanSettings settings, Topics topics, Owner owner, Executor blocking, RandomGenerator random,
            CleanPoints points) {
        this.settings = settings;
        this.topics = topics;
        this.owner = owner;
        this.blocking = blocking;
        this.random = random;
        this.points = points;
        this.retentionCheckedMs = owner.clock().nowMs();
        this.timer = owner.schedule(settings.compactionCheckMs(), this::round);
        topics.onChange(new Changes());
    }

    /**
     * Starts it. Completes on the owner thread.
     *
     * @param blocking where work that blocks is done
     * @param random   for {@code segment.jitter.ms}
     */
    public static CompletionStage<Cleaner> start(CleanSettings settings, Topics topics, MetadataStore metadata,
            Owner owner, Executor blocking, RandomGenerator random) {
        return CleanPoints.load(metadata, log -> find(topics, log), owner)
                .thenApplyAsync(points -> new Cleaner(settings, topics, owner, blocking, random, points),
                        owner::execute);
    }

    private static boolean find(Topics topics, long log) {
        return topics.all().stream().flatMap(topic -> topic.partitions().stream())
                .anyMatch(partition -> partition.log().number() == log);
    }

    /** Begins nothing more. */
    public void close() {
        closed = true;
        timer.cancel();
        Pass pass = running;
        if (pass != null) {
            pass.abandoned = true;
        }
    }

    /** Looks at every partition, then compacts those that are due. */
    private void round() {
        long nowMs = owner.clock().nowMs();
        checkingRetention = nowMs - retentionCheckedMs >= settings.retentionCheckMs();
        if (checkingRetention) {
            retentionCheckedMs = nowMs;
        }
        candidates.clear();
        for (Topic topic : topics.all()) {
            LogConfig config = topic.config().values();
            if ((checkingRetention && isLimited(config)) || config.compact) {
                left.addAll(topic.partitions());
            }
        }
        inspectNext();
    }

    /** Whether there is anything to look for: partitions that nobody uses are not opened for nothing. */
    private static boolean isLimited(LogConfig config) {
        return config.compact || config.retentionMs >= 0 || config.retentionSize >= 0;
    }

    private void inspectNext() {
        Partition partition = left.poll();
        if (closed) {
            return;
        }
        if (partition == null) {
            candidates.sort(Comparator.comparingDouble(Candidate::dirtyRatio));
            compactNext();
            return;
        }
        partition.whenOpen(new Partition.OpenListener() {
            @Override
            public void opened(RetainedLog log) {
                inspect(partition, log, () -> owner.execute(Cleaner.this::inspectNext));
            }

            @Override
            public void failed(Errors why) {
                owner.execute(Cleaner.this::inspectNext);
            }
        });
    }

    private void inspect(Partition partition, RetainedLog log, Runnable done) {
        Part active = log.parts().getLast();
        fileStart(partition, log, active, start -> {
            limit(partition, log, start);
            LogConfig config = partition.topic().config().values();
            if (config.compact && !uncleanable.contains(partition.log().number())) {
                consider(partition, log, done);
            } else {
                done.run();
            }
        });
    }

    private void limit(Partition partition, RetainedLog log, FileStart start) {
        LogConfig config = partition.topic().config().values();
        Retention retention = new Retention(config.delete && checkingRetention ? config.retentionMs : -1,
                config.delete && checkingRetention ? config.retentionSize : -1,
                config.maxSegmentMs() - start.jitterMs());
        List<Part> parts = log.parts();
        long logStart = partition.logStartOffset();
        Retention.Plan plan = retention.plan(parts, logStart, partition.highWatermark(), start.timestampMs(),
                owner.clock().nowMs());
        if (plan.roll()) {
            log.roll();
        }
        if (plan.trimBefore() >= parts.getLast().endOffset() && plan.trimBefore() > logStart) {
            LOG.info("partition {}: all records below {} are past their retention", partition, plan.trimBefore());
            reported(partition, partition.deleteBefore(plan.trimBefore())); // the last file goes with the next append
        } else if (parts.size() > 1 && plan.trimBefore() >= parts.getFirst().endOffset()) {
            LOG.info("partition {}: files below {} are past their retention", partition, plan.trimBefore());
            reported(partition, log.trim(plan.trimBefore()));
        }
    }

    private static void reported(Partition partition, CompletionStage<?> step) {
        step.whenComplete((done, error) -> {
            if (error != null) {
                LOG.warn("partition {}: what is past its retention is not freed yet", partition, error);
            }
        });
    }

    private CompactionRange range(Partition partition, RetainedLog log) {
        return CompactionRange.of(log.parts(), points.of(partition.log().number()), partition.logStartOffset(),
                partition.lastStableOffset(), limits(partition), owner.clock().nowMs());
    }

    private static CompactionRange.Limits limits(Partition partition) {
        LogConfig config = partition.topic().config().values();
        return new CompactionRange.Limits(config.minCleanableRatio, config.compactionLagMs, config.maxCompactionLagMs);
    }

    private void consider(Partition partition, RetainedLog log, Runnable done) {
        CompactionRange range = range(partition, log);
        CompactionRange.Limits limits = limits(partition);
        if (range.cleanableBytes() == 0) {
            done.run();
        } else if (range.isDue(limits, -1, owner.clock().nowMs()) || limits.maxLagMs() == Long.MAX_VALUE) {
            considered(partition, log, range, -1, done);
        } else {
            firstTimestamp(log, range.firstDirty(), timestamp -> considered(partition, log, range, timestamp, done));
        }
    }

    private void considered(Partition partition, RetainedLog log, CompactionRange range, long firstDirtyMs,
            Runnable done) {
        if (range.isDue(limits(partition), firstDirtyMs, owner.clock().nowMs())) {
            candidates.add(new Candidate(partition, log, range.dirtyRatio()));
        }
        done.run();
    }

    private void compactNext() {
        if (closed) {
            return;
        }
        if (candidates.isEmpty()) {
            timer = owner.schedule(settings.compactionCheckMs(), this::round);
            return;
        }
        Candidate next = candidates.removeLast();
        Partition partition = next.partition();
        if (isGone(partition)) {
            compactNext();
            return;
        }
        Pass pass = new Pass(partition, next.log());
        running = pass;
        CompactionRange range = range(partition, next.log());
        new Compaction(partition, next.log(), range,
                new OffsetMap(settings.offsetMapBytes(), range.end() - range.firstDirty()), owner,
                () -> pass.abandoned, pass).start();
    }

    private boolean isGone(Partition partition) {
        return topics.partition(partition.topic().name(), partition.index()) != partition;
    }

    /** The pass that is under way. */
    private final class Pass implements Compaction.Listener {
        final Partition partition;
        final RetainedLog log;
        final long bytesBefore;
        volatile boolean abandoned; // set by the owner, read by whoever rewrites

        Pass(Partition partition, RetainedLog log) {
            this.partition = partition;
            this.log = log;
            this.bytesBefore = log.sizeBytes();
        }

        @Override
        public void done(long cleaned) {
            points.set(partition.log().number(), cleaned);
            LOG.info("partition {}: compacted up to {}, from {} to {} bytes", partition, cleaned, bytesBefore,
                    log.sizeBytes());
            end();
        }

        @Override
        public void failed(Throwable why) {
            if (!abandoned) {
                uncleanable.add(partition.log().number());
                LOG.error("partition {} cannot be compacted; it is left as it is until the next start", partition, why);
            }
            end();
        }

        private void end() {
            running = null;
            compactNext();
        }
    }

    /** Finds when the file that is written to was begun. */
    private void fileStart(Partition partition, RetainedLog log, Part active, Consumer<FileStart> then) {
        LogConfig config = partition.topic().config().values();
        FileStart known = fileStarts.get(partition.log().number());
        if (active.bytes() == 0 || config.maxSegmentMs() == Long.MAX_VALUE) {
            then.accept(new FileStart(active.firstOffset(), UNKNOWN, 0));
        } else if (known != null && known.firstOffset() == active.firstOffset()) {
            then.accept(known);
        } else {
            long jitter = config.segmentJitterMs > 0
                    ? random.nextLong(Math.min(config.segmentJitterMs, config.maxSegmentMs()))
                    : 0;
            firstTimestamp(log, active.firstOffset(), timestamp -> {
                FileStart start = new FileStart(active.firstOffset(), timestamp, jitter);
                fileStarts.put(partition.log().number(), start);
                then.accept(start);
            });
        }
    }

    /** Reads the timestamp of the first record of the batch that holds an offset; {@link #UNKNOWN} where that cannot be read. */
    private void firstTimestamp(RetainedLog log, long offset, LongConsumer then) {
        log.slice(offset, 1, log.writtenEnd()).thenApplyAsync(Cleaner::timestamp, blocking)
                .whenComplete((timestamp, error) -> owner
                        .execute(() -> then.accept(error != null || timestamp == null ? UNKNOWN : timestamp)));
    }

    private static long timestamp(@Nullable BatchSlice slice) {
        if (slice == null) {
            return UNKNOWN;
        }
        ByteBuf bytes = slice.copy();
        try {
            return RecordBatch.baseTimestamp(bytes, bytes.readerIndex());
        } finally {
            bytes.release();
        }
    }

    private final class Changes implements TopicListener {
        @Override
        public void created(Topic topic) {
            // looked at in the next round
        }

        @Override
        public void grown(Topic topic, int before) {
            // looked at in the next round
        }

        @Override
        public void configured(Topic topic) {
            // looked at in the next round
        }

        @Override
        public void deleted(Topic topic) {
            Pass pass = running;
            if (pass != null && pass.partition.topic() == topic) {
                pass.abandoned = true;
            }
            for (Partition partition : topic.partitions()) {
                points.forget(partition.log().number());
                fileStarts.remove(partition.log().number());
                uncleanable.remove(partition.log().number());
            }
        }
    }
}
