// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.List;

import io.netty.buffer.ByteBuf;

/** The STATE item: what the journal must still know of a queue log when its older entries are gone. Its form is in {@link JournalItem}. */
final class QueueState {
    private QueueState() {}

    /** Whether a log has anything that only a STATE item, or an item that is about to go, knows. */
    static boolean isNeeded(QueueLog log) {
        return log.durable() && (!log.spans().isEmpty() || !log.deliveryCounts().isEmpty() || log.stateEntry() >= 0);
    }

    static void write(QueueLog log, ByteBuf out) {
        out.writeLong(log.number());
        out.writeLong(log.nextOffset());
        out.writeLong(log.head());
        out.writeLong(log.deliveredBelow());
        List<Extent> spans = log.spans().stream().filter(span -> span.durable).toList();
        out.writeInt(spans.size());
        for (Extent span : spans) {
            out.writeLong(span.base).writeInt(span.count).writeLong(span.position);
        }
        OffsetRanges acknowledged = log.acknowledged();
        out.writeInt(acknowledged.size());
        for (int i = 0; i < acknowledged.size(); i++) {
            out.writeLong(acknowledged.from(i)).writeLong(acknowledged.to(i));
        }
        out.writeInt(log.deliveryCounts().size());
        log.deliveryCounts().forEach((offset, count) -> out.writeLong(offset).writeInt(count));
    }

    /** Most bytes that {@link #write} takes. */
    static int sizeBytes(QueueLog log) {
        return 64 + log.spans().size() * 20 + log.acknowledged().size() * 16 + log.deliveryCounts().size() * 12;
    }
}
