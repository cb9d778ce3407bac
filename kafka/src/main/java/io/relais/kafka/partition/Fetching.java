// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.relais.broker.runtime.Owner;
import io.relais.kafka.KafkaContext;
import io.relais.kafka.wire.Request;
import io.relais.kafka.wire.SliceRecords;
import io.relais.log.BatchSlice;
import io.relais.log.LogException;
import io.relais.log.RetainedLog;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * One fetch request until it is answered: reads partition after partition, and, where there is less than was asked for, waits for more. While it waits it only counts what becomes visible; it reads again when that is
 * enough, or when its time is over.
 *
 * <p>Thread: the owner. Memory: an object for each partition; batches are referred to, not copied.
 */
final class Fetching implements Runnable {
    /** Most bytes of one answer ({@code fetch.max.bytes}); only a single batch may be longer. */
    static final int RESPONSE_MAX_BYTES = 55 << 20;

    private static final byte READ_COMMITTED = 1;

    private final KafkaContext context;
    private final Request request;
    private final Authorization access;
    private final FetchAnswer answer;
    private final FetchRequestData data;
    private final int maxBytes;
    private final int minBytes;
    private final List<Part> parts;
    private Owner.@Nullable Timer timer;
    private boolean waiting;
    private boolean late;
    private boolean failed;
    private int opening;
    private int next;
    private long bytes;

    Fetching(KafkaContext context, Request request, Authorization access, FetchAnswer answer,
            List<FetchTarget> targets) {
        this.context = context;
        this.request = request;
        this.access = access;
        this.answer = answer;
        this.data = request.data(FetchRequestData.class);
        this.maxBytes = Math.min(data.maxBytes(), RESPONSE_MAX_BYTES);
        this.minBytes = Math.min(data.minBytes(), maxBytes);
        this.parts = new ArrayList<>(targets.size());
        targets.forEach(target -> parts.add(new Part(target)));
    }

    void start() {
        opening = 1;
        parts.forEach(Part::open);
        opened();
    }

    private void opened() {
        opening--;
        if (opening == 0) {
            read();
        }
    }

    private void read() {
        bytes = 0;
        next = 0;
        readOn();
    }

    /** Reads on until a part has to wait for its disk, which then calls back. */
    private void readOn() {
        while (next < parts.size()) {
            if (!parts.get(next++).read()) {
                return;
            }
        }
        if (bytes >= minBytes || failed || late || data.maxWaitMs() <= 0 || parts.isEmpty() || request.isGone()) {
            finish();
        } else {
            await();
        }
    }

    private void await() {
        waiting = true;
        parts.forEach(Part::await);
        if (timer == null) {
            request.whenGone(this::wake);
            timer = context.owner().schedule(data.maxWaitMs(), () -> {
                late = true;
                wake();
            });
        }
    }

    /** Reads again at the end of the round, with all that came in it. */
    private void wake() {
        if (waiting) {
            waiting = false;
            context.owner().execute(this);
        }
    }

    @Override
    public void run() {
        parts.forEach(Part::stopWaiting);
        read();
    }

    private void finish() {
        Owner.Timer running = timer;
        if (running != null) {
            running.cancel();
        }
        if (bytes > 0 && !request.isGone() && request.connection().isEncrypted()) {
            context.blocking().execute(() -> {
                parts.forEach(Part::copy);
                context.owner().execute(this::send);
            });
        } else {
            send();
        }
    }

    private void send() {
        if (request.isGone()) {
            parts.forEach(Part::discard);
            request.noResponse();
        } else {
            parts.forEach(Part::answer);
            answer.send();
        }
    }

    /** One partition of the request. */
    private final class Part implements Partition.OpenListener, Partition.HighWatermarkListener {
        private final FetchTarget target;
        private @Nullable Partition partition;
        private Errors error = Errors.NONE;
        private @Nullable BatchSlice slice;
        private long end;
        private boolean readAll;
        private long visible;

        Part(FetchTarget target) {
            this.target = target;
        }

        void open() {
            Partition found = target.resolve(context.topics());
            partition = found;
            if (found == null) {
                fail(target.key().isById() && target.topic(context.topics()) == null
                        ? Errors.UNKNOWN_TOPIC_ID
                        : access.onTopic(request, AclOperation.READ, target.key().topic())
                                ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                                : Errors.TOPIC_AUTHORIZATION_FAILED);
            } else if (!access.onTopic(request, AclOperation.READ, found.topic().name())) {
                fail(Errors.TOPIC_AUTHORIZATION_FAILED);
            } else if (!found.isOpen()) {
                opening++;
                found.whenOpen(this);
            }
        }

        @Override
        public void opened(RetainedLog log) {
            Fetching.this.opened();
        }

        @Override
        public void failed(Errors why) {
            fail(why);
            Fetching.this.opened();
        }

        private void fail(Errors why) {
            error = why;
            failed = true;
        }

        /** Finds batches. False where it calls {@link #readOn} itself, later. */
        boolean read() {
            discard();
            Partition from = partition;
            if (error != Errors.NONE || from == null) {
                return true;
            }
            if (!from.isOpen()) {
                fail(from.isDeleted() ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.KAFKA_STORAGE_ERROR);
                return true;
            }
            end = readEnd(from);
            readAll = end == from.highWatermark();
            visible = from.visibleBytes();
            Errors wrong = check(from);
            if (wrong != Errors.NONE) {
                fail(wrong);
                return true;
            }
            long room = maxBytes - bytes;
            if (target.offset() >= end || (room <= 0 && bytes > 0)) {
                return true;
            }
            return take(from.read(target.offset(), (int) Math.max(1, Math.min(target.maxBytes(), room)), end)
                    .toCompletableFuture());
        }

        private boolean take(CompletableFuture<@Nullable BatchSlice> reading) {
            if (reading.isDone()) {
                found(reading);
                return true;
            }
            reading.whenComplete((found, thrown) -> context.owner().execute(() -> {
                found(reading);
                readOn();
            }));
            return false;
        }

        private void found(CompletableFuture<@Nullable BatchSlice> reading) {
            try {
                BatchSlice found = reading.join();
                if (found != null && bytes > 0 && found.sizeBytes() > Math.min(target.maxBytes(), maxBytes - bytes)) {
                    found.close(); // only the first batch of an answer may be longer than was asked for (KIP-74)
                } else if (found != null) {
                    slice = found;
                    bytes += found.sizeBytes();
                }
            } catch (CompletionException e) {
                fail(e.getCause() instanceof LogException.Trimmed
                        ? Errors.OFFSET_OUT_OF_RANGE
                        : Errors.KAFKA_STORAGE_ERROR);
            }
        }

        private Errors check(Partition from) {
            Errors believed = LeaderEpochs.check(target.leaderEpoch(), from);
            if (believed != Errors.NONE) {
                return believed;
            }
            return target.offset() < from.logStartOffset() || target.offset() > from.logEndOffset()
                    ? Errors.OFFSET_OUT_OF_RANGE
                    : Errors.NONE;
        }

        private long readEnd(Partition from) {
            return data.isolationLevel() == READ_COMMITTED ? from.lastStableOffset() : from.highWatermark();
        }

        void await() {
            Partition from = partition;
            if (from != null && error == Errors.NONE && from.isOpen()) {
                from.onHighWatermark(this);
                advanced(from, from.highWatermark()); // while another partition was read from the disk
            }
        }

        void stopWaiting() {
            Partition from = partition;
            if (from != null) {
                from.removeListener(this);
            }
        }

        @Override
        public void advanced(Partition from, long highWatermark) {
            if (!from.isOpen()) {
                wake();
                return;
            }
            long newEnd = readEnd(from);
            if (newEnd == end) {
                return;
            }
            boolean all = newEnd == highWatermark;
            // What a transaction held back was counted before it could be read: what its end sets free is not known.
            bytes += all && readAll ? from.visibleBytes() - visible : minBytes;
            readAll = all;
            end = newEnd;
            visible = from.visibleBytes();
            if (bytes >= minBytes) {
                wake();
            }
        }

        /** Brings batches into memory. Thread: one that may block. */
        void copy() {
            BatchSlice found = slice;
            if (found != null) {
                slice = new ReadSlice(found.copy(), found.endOffset());
            }
        }

        void answer() {
            PartitionData part = new PartitionData().setPartitionIndex(target.key().partition());
            Partition from = partition;
            if (error != Errors.NONE || from == null || !from.isOpen()) {
                discard();
                answer.fail(target, part, error == Errors.NONE ? Errors.UNKNOWN_TOPIC_OR_PARTITION : error);
                return;
            }
            BatchSlice found = slice;
            slice = null;
            part.setHighWatermark(from.highWatermark()).setLastStableOffset(from.lastStableOffset())
                    .setLogStartOffset(from.logStartOffset()).setAbortedTransactions(null);
            if (data.isolationLevel() == READ_COMMITTED) {
                part.setAbortedTransactions(aborted(from, found));
            }
            answer.add(target, part, found == null ? MemoryRecords.EMPTY : new SliceRecords(found, false));
        }

        private List<AbortedTransaction> aborted(Partition from, @Nullable BatchSlice found) {
            List<AbortedTransaction> aborted = new ArrayList<>(0);
            if (found != null) {
                from.states().aborted().within(target.offset(), found.endOffset(),
                        (producerId, firstOffset, _) -> aborted.add(
                                new AbortedTransaction().setProducerId(producerId).setFirstOffset(firstOffset)));
            }
            return aborted;
        }

        void discard() {
            BatchSlice found = slice;
            slice = null;
            if (found != null) {
                found.close();
            }
        }
    }
}
