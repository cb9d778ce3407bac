// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/**
 * Dead-letter queues of share groups (KIP-1191): records that nobody could process are written to a topic, with headers that say what they are.
 *
 * <p>The topic must exist with {@code errors.deadletterqueue.group.enable=true} (or the broker creates it, where {@code errors.deadletterqueue.auto.create.topics.enable} says so) and its name must
 * begin with {@code errors.deadletterqueue.topic.name.prefix}. Partition p of a topic goes to partition p mod n.
 *
 * <p>Thread: the owner. Bounds: {@value #CHUNK_RECORDS} records at a time of one share partition, one after the other.
 */
final class DeadLetterQueue {
    /** So many records are looked up and written at a time. */
    static final int CHUNK_RECORDS = 16;

    private static final int READ_BYTES = 1 << 20;

    private final Topics topics;
    private final Owner owner;
    private final int newPartitions;
    private final ShareConfig config;
    private final PartitionSource source;

    /** Told once. */
    interface Listener {
        /** @param why null where all records are in the queue and durable; else why they will not be */
        void done(@Nullable String why);
    }

    /** @param newPartitions how many partitions a topic gets that the broker creates */
    DeadLetterQueue(Topics topics, Owner owner, int newPartitions, ShareConfig config, PartitionSource source) {
        this.topics = topics;
        this.owner = owner;
        this.newPartitions = newPartitions;
        this.config = config;
        this.source = source;
    }

    /** Copies records to the group's queue. */
    void add(SharePartitionId id, Partition origin, DeadRecords dead, Listener listener) {
        String name = config.deadLetterTopic(id.groupId());
        String refusal = refusal(name);
        if (refusal != null) {
            listener.done(refusal);
            return;
        }
        Topic topic = topic(name);
        topics.whenDurable(new DurabilityListener() {
            @Override
            public void durable() {
                open(id, origin, dead, topic, listener);
            }

            @Override
            public void failed(String why) {
                listener.done(why);
            }
        });
    }

    private @Nullable String refusal(String name) {
        if (name.isEmpty()) {
            return "the group has no dead-letter queue any more";
        }
        if (!name.startsWith(config.deadLetterTopicPrefix()) || name.startsWith("__")) {
            return "the name of topic '" + name + "' does not begin with '" + config.deadLetterTopicPrefix() + "'";
        }
        Topic topic = topics.byName(name);
        if (topic == null && !config.createsDeadLetterTopics()) {
            return "there is no topic '" + name + "', and the broker may not create it";
        }
        if (topic != null && !topic.config().values().errorsDeadletterqueueGroupEnable()) {
            return "topic '" + name + "' is not a dead-letter queue: set errors.deadletterqueue.group.enable";
        }
        try {
            org.apache.kafka.common.internals.Topic.validate(name);
        } catch (InvalidTopicException e) {
            return e.getMessage();
        }
        return null;
    }

    private Topic topic(String name) {
        Topic topic = topics.byName(name);
        return topic != null
                ? topic
                : topics.create(name, newPartitions,
                        TopicConfig.of(Map.of("errors.deadletterqueue.group.enable", "true",
                                "message.timestamp.type", "CreateTime")));
    }

    private void open(SharePartitionId id, Partition origin, DeadRecords dead, Topic topic, Listener listener) {
        Partition queue = topic.partitions().get(origin.index() % topic.partitions().size());
        queue.whenOpen(new Partition.OpenListener() {
            @Override
            public void opened(RetainedLog log) {
                chunk(id, origin, dead, queue, listener);
            }

            @Override
            public void failed(Errors why) {
                listener.done("topic '" + topic.name() + "': " + why.message());
            }
        });
    }

    private void chunk(SharePartitionId id, Partition origin, DeadRecords dead, Partition queue, Listener listener) {
        long last = Math.min(dead.lastOffset(), dead.firstOffset() + CHUNK_RECORDS - 1);
        Map<Long, Record> found = new HashMap<>();
        CompletionStage<@Nullable Void> looked = config.copiesDeadLetters(id.groupId())
                ? look(origin, dead.firstOffset(), last, found)
                : CompletableFuture.completedFuture(null);
        looked.whenComplete((done, error) -> {
            List<SimpleRecord> records = new ArrayList<>();
            for (long offset = dead.firstOffset(); offset <= last; offset++) {
                records.add(record(id, origin, offset, dead, found.get(offset)));
            }
            DeadRecords rest = new DeadRecords(last + 1, dead.lastOffset(), dead.deliveryCount(), dead.cause());
            append(records, queue, why -> {
                if (why != null || rest.firstOffset() > rest.lastOffset()) {
                    listener.done(why);
                } else {
                    chunk(id, origin, rest, queue, listener);
                }
            });
        });
    }

    /** Finds the records themselves. What is not there any more (retention, compaction) stays out: then only the headers are written (KIP-1191). */
    private CompletionStage<@Nullable Void> look(Partition origin, long first, long last, Map<Long, Record> found) {
        return source.find(origin, Math.max(first, origin.logStartOffset()), READ_BYTES, origin.highWatermark())
                .thenCompose(slice -> slice == null
                        ? CompletableFuture.completedFuture(null)
                        : source.loadAnd(slice, bytes -> decode(bytes, first, last, found))
                                .thenCompose(next -> next > first && next <= last
                                        ? look(origin, next, last, found)
                                        : CompletableFuture.completedFuture(null)));
    }

    /** Returns the offset after the last one that was looked at. Thread: one that may work. */
    private static long decode(ByteBuf bytes, long first, long last, Map<Long, Record> found) {
        byte[] copy = new byte[bytes.readableBytes()]; // records outlive the buffer
        bytes.readBytes(copy);
        long next = first;
        for (var batch : MemoryRecords.readableRecords(ByteBuffer.wrap(copy)).batches()) {
            if (batch.baseOffset() <= last && batch.lastOffset() >= first && !batch.isControlBatch()) {
                for (Record record : batch) {
                    if (record.offset() >= first && record.offset() <= last) {
                        found.put(record.offset(), record);
                    }
                }
            }
            next = batch.nextOffset();
        }
        return next;
    }

    private SimpleRecord record(SharePartitionId id, Partition origin, long offset, DeadRecords dead,
            @Nullable Record original) {
        List<Header> headers = new ArrayList<>();
        if (original != null) {
            headers.addAll(List.of(original.headers()));
        }
        headers.add(header("topic", origin.topic().name()));
        headers.add(header("partition", String.valueOf(origin.index())));
        headers.add(header("offset", String.valueOf(offset)));
        headers.add(header("group", id.groupId()));
        headers.add(header("delivery.count", String.valueOf(dead.deliveryCount())));
        headers.add(header("message", dead.cause().text()));
        return new SimpleRecord(owner.clock().nowMs(),
                original != null && original.hasKey() ? original.key() : null,
                original != null && original.hasValue() ? original.value() : null, headers.toArray(Header[]::new));
    }

    private static Header header(String name, String value) {
        return new RecordHeader("__dlq.errors." + name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static void append(List<SimpleRecord> records, Partition queue, Listener listener) {
        MemoryRecords batch = MemoryRecords.withRecords(Compression.NONE, records.toArray(SimpleRecord[]::new));
        try {
            queue.append(Unpooled.wrappedBuffer(batch.buffer()), new Partition.AppendListener() {
                @Override
                public void done(long baseOffset) {
                    listener.done(null);
                }

                @Override
                public void failed(Errors why) {
                    listener.done(why.message());
                }
            });
        } catch (LogException e) {
            listener.done(e.getMessage());
        }
    }
}
