// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.relais.broker.runtime.Owner;
import io.relais.kafka.partition.Partition;
import io.relais.kafka.partition.TransactionGate;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.VerificationGuard;

/**
 * Writes the coordinator's records into the partitions of {@code __consumer_offsets}, and tells it when they are on the disk: its answers to clients wait for that.
 *
 * <p>Thread: called on a thread of the coordinator, which waits here for the owner to append. The owner never waits for the coordinator. Bounds: what one append holds is bounded by the topic's
 * {@code max.message.bytes}, and there is one at a time.
 */
final class OffsetsPartitions implements PartitionWriter, Partition.HighWatermarkListener {
    /** How long an append may take: the owner only hands it to the log. Past it the coordinator loads its state again from the log. */
    private static final long APPEND_TIMEOUT_MS = 30_000;

    /** Of TxnOffsetCommit: since then a client can be told to abort (KIP-890). */
    private static final int KNOWS_ABORTABLE = 4;

    private final Owner owner;
    private final OffsetsTopic topic;
    private final TransactionGate gate;
    private final Map<TopicPartition, Listener> listeners = new ConcurrentHashMap<>();

    OffsetsPartitions(Owner owner, OffsetsTopic topic, TransactionGate gate) {
        this.owner = owner;
        this.topic = topic;
        this.gate = gate;
    }

    @Override
    public void registerListener(TopicPartition partition, Listener listener) {
        listeners.put(partition, listener);
    }

    @Override
    public void deregisterListener(TopicPartition partition, Listener listener) {
        listeners.remove(partition, listener);
    }

    /** On the owner. */
    @Override
    public void advanced(Partition partition, long highWatermark) {
        TopicPartition name = new TopicPartition(OffsetsTopic.NAME, partition.index());
        Listener listener = listeners.get(name);
        if (listener != null) {
            listener.onHighWatermarkUpdated(name, highWatermark);
        }
    }

    /** The values are immutable, so that a coordinator's thread may read them. */
    @Override
    public LogConfig config(TopicPartition partition) {
        return find(partition).topic().config().values();
    }

    private Partition find(TopicPartition name) {
        Partition partition = name.topic().equals(OffsetsTopic.NAME) ? topic.partition(name.partition()) : null;
        if (partition == null) {
            throw new NotLeaderOrFollowerException("there is no " + name);
        }
        return partition;
    }

    @Override
    public long append(TopicPartition partition, VerificationGuard guard, MemoryRecords records,
            short transactionVersion) {
        ByteBuf copy = PooledByteBufAllocator.DEFAULT.directBuffer(records.sizeInBytes()) // the coordinator uses its buffer again
                .writeBytes(records.buffer().duplicate());
        CompletableFuture<Long> appended = new CompletableFuture<>();
        onOwner(() -> append(partition, copy, appended));
        try {
            return appended.get(APPEND_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaStorageException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaStorageException("the broker did not append to " + partition + " in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaStorageException("interrupted while appending to " + partition, e);
        }
    }

    private void onOwner(Runnable task) {
        if (owner.isCurrent()) {
            task.run();
        } else {
            owner.execute(task);
        }
    }

    private void append(TopicPartition name, ByteBuf batches, CompletableFuture<Long> appended) {
        Partition partition;
        try {
            partition = find(name);
        } catch (NotLeaderOrFollowerException e) {
            batches.release();
            appended.completeExceptionally(e);
            return;
        }
        try {
            partition.append(batches, Ignored.INSTANCE);
            appended.complete(partition.logEndOffset());
        } catch (RuntimeException e) {
            appended.completeExceptionally(new KafkaStorageException(e));
        }
    }

    @Override
    public CompletableFuture<VerificationGuard> maybeStartTransactionVerification(TopicPartition name,
            String transactionalId, long producerId, short producerEpoch, int apiVersion) {
        CompletableFuture<VerificationGuard> verified = new CompletableFuture<>();
        boolean mayAdd = apiVersion > TxnOffsetCommitRequest.LAST_STABLE_VERSION_BEFORE_TRANSACTION_V2;
        onOwner(() -> gate.admit(transactionalId, producerId, producerEpoch, find(name), mayAdd, error -> {
            if (error == Errors.NONE) {
                verified.complete(VerificationGuard.SENTINEL);
            } else {
                boolean tooOld = error == Errors.TRANSACTION_ABORTABLE && apiVersion < KNOWS_ABORTABLE;
                verified.completeExceptionally((tooOld ? Errors.INVALID_TXN_STATE : error).exception());
            }
        }));
        return verified;
    }

    /** Only share coordinators drop records; groups are compacted. */
    @Override
    public CompletableFuture<Void> deleteRecords(TopicPartition partition, long before) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException("records of " + partition + " go by compaction alone"));
    }

    /** The high watermark tells the coordinator already; a log that died is reported where it died. */
    private enum Ignored implements Partition.AppendListener {
        INSTANCE;

        @Override
        public void done(long baseOffset) {}

        @Override
        public void failed(Errors why) {}
    }
}
