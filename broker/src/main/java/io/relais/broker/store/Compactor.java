// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.relais.broker.runtime.Owner;
import io.relais.log.LogWriter;
import io.relais.log.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Frees the oldest file of a backlog in which little lives: what does is appended again at the backlog's end, under its old offsets in the queue.
 *
 * <p>Thread: the owner. One file per run, one run per backlog at a time.
 */
final class Compactor {
    private final Shard shard;
    private final Owner owner;
    private final Set<QueueLog> running = new HashSet<>();

    Compactor(Shard shard) {
        this.shard = shard;
        this.owner = shard.owner();
    }

    void compact(QueueLog log, Backlog backlog, LogWriter.Part part) {
        if (running.add(log)) {
            new Run(log, backlog, part.endOffset()).next();
        }
    }

    private final class Run {
        private final QueueLog log;
        private final Backlog backlog;
        private final long partEnd;
        private final Spill spill;
        private final List<Extent> copies = new ArrayList<>();
        private final List<Extent> spans;
        private long position;

        Run(QueueLog log, Backlog backlog, long partEnd) {
            this.log = log;
            this.backlog = backlog;
            this.partEnd = partEnd;
            this.spill = new Spill(log, backlog);
            this.spans = log.spans();
            this.position = backlog.writer().startOffset();
        }

        /** Reads on, from the first live message at or above the position. */
        void next() {
            long from = Long.MAX_VALUE;
            for (Extent span : spans) {
                if (span.position + span.count > position) {
                    long offset = log.nextLive(span.base + Math.max(0, position - span.position));
                    if (offset < span.end()) {
                        from = Math.min(from, span.position + offset - span.base);
                    }
                }
            }
            if (from >= partEnd) {
                var _ = spill.finish().whenComplete((done, error) -> owner.execute(() -> copied(error)));
            } else {
                var _ = backlog.reader().readBatches(from, 64 << 10)
                        .whenComplete((bytes, error) -> owner.execute(() -> arrived(bytes)));
            }
        }

        private void arrived(@Nullable ByteBuf bytes) {
            if (bytes == null || !bytes.isReadable() || shard.isDeleted(log)) {
                running.remove(log);
                backlog.unreadable(); // damage is dealt with by who reads it for delivery
                spill.done();
                if (bytes != null) {
                    bytes.release();
                }
                return;
            }
            for (int at = 0; at < bytes.writerIndex(); at += RecordBatch.sizeBytes(bytes, at)) {
                long first = RecordBatch.baseOffset(bytes, at);
                long end = first + RecordBatch.lastOffsetDelta(bytes, at) + 1;
                copy(bytes, at, first, Math.min(end, partEnd));
                position = end;
                if (end >= partEnd) {
                    break;
                }
            }
            bytes.release();
            next();
        }

        private void copy(ByteBuf bytes, int at, long first, long end) {
            for (Extent span : spans) {
                long from = Math.max(first, span.position);
                long to = Math.min(end, span.position + span.count);
                if (from >= to) {
                    continue;
                }
                long offset = log.nextLive(span.base + from - span.position);
                long stop = span.base + to - span.position;
                if (offset < stop) {
                    Extent copy = new Extent(log, span.durable, offset);
                    copy.count = (int) (stop - offset);
                    spill.add(bytes, at, span.base + first - span.position, offset, copy.count,
                            placed -> copy.position = placed);
                    copies.add(copy);
                }
            }
        }

        private void copied(@Nullable Throwable error) {
            running.remove(log);
            spill.done();
            if (error != null) {
                shard.failed("a backlog cannot be written: " + error.getMessage());
                return;
            }
            if (shard.isDeleted(log)) {
                return;
            }
            replace();
            shard.journalState(log);
            shard.commitThen(() -> {
                var _ = backlog.writer().trim(partEnd);
                backlog.trimLater();
            });
        }

        /** Cuts what lay in the file off the spans, and puts the copies in. */
        private void replace() {
            ExtentList extents = log.extents();
            List<Extent> added = new ArrayList<>(copies);
            for (Extent span : log.spans()) {
                if (span.position >= partEnd) {
                    continue;
                }
                long stays = span.position + span.count - partEnd;
                if (stays > 0) {
                    Extent rest = new Extent(log, span.durable, span.base + span.count - stays);
                    rest.count = (int) stays;
                    rest.position = partEnd;
                    added.add(rest);
                }
                span.live = 0;
            }
            extents.sweep();
            for (Extent extent : added) {
                extent.live = (int) (extent.count - dead(extent));
                if (extent.live > 0) {
                    extents.insert(extent);
                }
            }
            Spans.join(log);
        }

        private long dead(Extent extent) {
            long belowHead = Math.clamp(log.head() - extent.base, 0, extent.count);
            return belowHead + log.acknowledged().count(extent.base + belowHead, extent.end());
        }
    }
}
