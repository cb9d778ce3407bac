// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.broker.runtime.Owner;
import io.relais.broker.store.DurabilityListener;
import io.relais.kafka.partition.Partition;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.TopicConfig;
import io.relais.kafka.topic.Topics;
import io.relais.log.LogException;
import io.relais.log.RetainedLog;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code __share_group_state}: the topic with what has become of records in share groups. Created with the first record; one partition, because one node has one share coordinator, and one log is
 * one sync.
 *
 * <p>Thread: the owner. Bounds: what is appended in one round is held until its end.
 */
final class StateTopic {
    static final String NAME = org.apache.kafka.common.internals.Topic.SHARE_GROUP_STATE_TOPIC_NAME;

    private static final Logger LOG = LoggerFactory.getLogger(StateTopic.class);
    private static final int SEGMENT_BYTES = 16 << 20;

    private final Topics topics;
    private final Owner owner;
    private List<SimpleRecord> records = new ArrayList<>();
    private List<WriteListener> listeners = new ArrayList<>();
    private @Nullable Partition partition;
    private boolean scheduled;
    private boolean opening;
    private boolean freeing;
    private long appendedBytes;
    private long freeBelow = -1;

    StateTopic(Topics topics, Owner owner) {
        this.topics = topics;
        this.owner = owner;
    }

    long nowMs() {
        return owner.clock().nowMs();
    }

    /** Bytes appended since the start. */
    long appendedBytes() {
        return appendedBytes;
    }

    /** Reads the whole log: completes on the owner thread. State of topics that are gone is left out. */
    void read(BiConsumer<Errors, Map<SharePartitionId, StoredState>> listener) {
        Partition found = topics.partition(NAME, 0);
        if (found == null) {
            listener.accept(Errors.NONE, new HashMap<>());
            return;
        }
        found.whenOpen(new Partition.OpenListener() {
            @Override
            public void opened(RetainedLog log) {
                Map<SharePartitionId, StoredState> states = new HashMap<>();
                found.scan(log.startOffset(), (offset, count, bytes) -> replay(bytes, states))
                        .whenComplete((done, error) -> owner.execute(() -> {
                            if (error != null) {
                                LOG.error("the state of share groups cannot be read", error);
                                listener.accept(Errors.COORDINATOR_NOT_AVAILABLE, new HashMap<>());
                            } else {
                                states.keySet().removeIf(id -> topics.byId(id.topicId()) == null);
                                listener.accept(Errors.NONE, states);
                            }
                        }));
            }

            @Override
            public void failed(Errors why) {
                listener.accept(why, new HashMap<>());
            }
        });
    }

    private static void replay(ByteBuf batches, Map<SharePartitionId, StoredState> states) {
        for (Record record : MemoryRecords.readableRecords(batches.nioBuffer()).records()) {
            StateRecords.replay(record, states);
        }
    }

    /** Appends a record at the end of the round, together with what else came in it. */
    void append(SimpleRecord record, WriteListener listener) {
        records.add(record);
        listeners.add(listener);
        if (!scheduled) {
            scheduled = true;
            owner.execute(this::flush);
        }
    }

    private void flush() {
        Partition open = partition;
        if (open != null) {
            scheduled = false;
            flush(open);
        } else if (!opening) {
            opening = true;
            open();
        }
    }

    private void open() {
        Topic topic = topics.byName(NAME);
        Topic existing = topic != null
                ? topic
                : topics.create(NAME, 1, TopicConfig.of(Map.of("cleanup.policy", "delete", "retention.ms", "-1",
                        "segment.bytes", String.valueOf(SEGMENT_BYTES))));
        topics.whenDurable(new DurabilityListener() {
            @Override
            public void durable() {
                open(existing.partitions().get(0));
            }

            @Override
            public void failed(String why) {
                opened(null, Errors.KAFKA_STORAGE_ERROR);
            }
        });
    }

    private void open(Partition found) {
        found.whenOpen(new Partition.OpenListener() {
            @Override
            public void opened(RetainedLog log) {
                StateTopic.this.opened(found, Errors.NONE);
            }

            @Override
            public void failed(Errors why) {
                StateTopic.this.opened(null, why);
            }
        });
    }

    private void opened(@Nullable Partition opened, Errors error) {
        opening = false;
        scheduled = false;
        partition = opened;
        if (opened != null) {
            flush(opened);
        } else {
            fail(takeListeners(), error);
        }
    }

    private List<WriteListener> takeListeners() {
        List<WriteListener> taken = listeners;
        listeners = new ArrayList<>();
        records = new ArrayList<>();
        return taken;
    }

    private static void fail(List<WriteListener> waiting, Errors error) {
        waiting.forEach(listener -> listener.written(error));
    }

    private void flush(Partition open) {
        if (records.isEmpty()) {
            return;
        }
        MemoryRecords batch = MemoryRecords.withRecords(Compression.NONE, records.toArray(SimpleRecord[]::new));
        List<WriteListener> waiting = takeListeners();
        appendedBytes += batch.sizeInBytes();
        try {
            long base = open.append(Unpooled.wrappedBuffer(batch.buffer()), new Partition.AppendListener() {
                @Override
                public void done(long baseOffset) {
                    waiting.forEach(listener -> listener.written(Errors.NONE));
                }

                @Override
                public void failed(Errors why) {
                    fail(waiting, why);
                }
            });
            if (freeing) {
                freeing = false;
                freeBelow = base;
            }
        } catch (LogException e) {
            LOG.error("the state of share groups cannot be written: {}", e.getMessage());
            fail(waiting, Errors.KAFKA_STORAGE_ERROR);
        }
    }

    /** Everything that is still needed will be appended again, from the next append on. */
    void beginFreeing() {
        freeing = true;
    }

    /** Frees what lies before the append of {@link #beginFreeing} once the last append is durable. */
    void freeWhenDurable() {
        listeners.add(error -> {
            Partition open = partition;
            if (error == Errors.NONE && open != null && freeBelow >= 0) {
                free(open, freeBelow);
            }
        });
    }

    private static void free(Partition open, long before) {
        open.whenOpen(new Partition.OpenListener() {
            @Override
            public void opened(RetainedLog log) {
                log.trim(before);
            }

            @Override
            public void failed(Errors why) {
                // nothing is freed where nothing can be written
            }
        });
    }
}
