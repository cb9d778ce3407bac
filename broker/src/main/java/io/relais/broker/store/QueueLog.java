// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.relais.log.record.RecordCursor;
import org.jspecify.annotations.Nullable;

/**
 * The log of one queue: what was appended and is not acknowledged. Everything that is not live is gone, wherever it stood.
 *
 * <p>Thread: the owner.
 *
 * <p>Memory: an {@link Extent} per batch that is in the journal, one per span of a backlog, whatever its depth; 16 bytes per range of acknowledgements that overtook others.
 */
public final class QueueLog {
    private final Shard shard;
    private final long number;
    private final ExtentList extents = new ExtentList();
    private final OffsetRanges acknowledged = new OffsetRanges();
    private final OffsetRanges unjournaled = new OffsetRanges();
    private final RecordCursor cursor = new RecordCursor();
    private @Nullable Extent cursorExtent;
    private @Nullable Extent lastAcknowledged;
    private @Nullable Backlog backlog;
    private final Map<Long, Integer> deliveryCounts = new HashMap<>();
    private long stateEntry = -1;
    private Durability durability = Durability.PERSISTENT_MESSAGES;
    private long head;
    private long next;
    private long live;
    private long deliveredBelow;
    private long journaledBytes;
    private boolean acknowledgementsDue;

    /** A log that may survive: what recovery builds. */
    QueueLog(Shard shard, long number) {
        this.shard = shard;
        this.number = number;
    }

    public long number() {
        return number;
    }

    /** Whether any of its messages survive a restart. */
    public boolean durable() {
        return durability != Durability.NONE;
    }

    void durability(Durability durability) {
        this.durability = durability;
    }

    /** Whether a message that is appended now survives a restart. */
    boolean survives(boolean persistent) {
        return durability.covers(persistent);
    }

    /** Offset of the first message that is not acknowledged; {@link #nextOffset} where there is none. */
    public long head() {
        return head;
    }

    /** Offset that the next message gets. */
    public long nextOffset() {
        return next;
    }

    /** Messages that are not acknowledged. */
    public long liveCount() {
        return live;
    }

    /** Every message below was delivered to somebody, perhaps in an earlier life of the process. */
    public long deliveredBelow() {
        return deliveredBelow;
    }

    /** Says that messages below an offset were delivered, so that they come back as redelivered after a restart. */
    public void deliveredBelow(long offset) {
        if (offset > deliveredBelow) {
            deliveredBelow = offset;
            if (durable()) {
                acknowledgementsDue();
            }
        }
    }

    /** The first live offset at or above this one; {@link #nextOffset} where there is none. */
    public long nextLive(long offset) {
        return Math.max(head, acknowledged.nextAbsent(offset));
    }

    public boolean isLive(long offset) {
        return offset >= head && offset < next && !acknowledged.contains(offset);
    }

    /** Looks at a live message. Returns null where it is not in memory: {@link #load} brings it. The view is the shard's one. */
    public @Nullable RecordView view(long offset) {
        shard.readable();
        Extent extent = cursorExtent;
        if (extent == null || !extent.covers(offset)) {
            extent = extents.find(offset);
            if (extent == null) {
                throw new IllegalStateException(
                        "log " + number + " has no live message " + offset + " (head " + head + ", next " + next + ")");
            }
        }
        if (!(extent.inBacklog() ? viewBacklog(extent, offset) : viewChunk(extent, offset))) {
            return null;
        }
        RecordView view = shard.view();
        QueueRecord.read(cursor, view);
        return view.at(offset);
    }

    private boolean viewChunk(Extent extent, long offset) {
        Chunk chunk = java.util.Objects.requireNonNull(extent.chunk);
        if (!chunk.inMemory()) {
            return false;
        }
        int at = (int) extent.position;
        if (cursorExtent != extent || !cursor.isIn(chunk.memory(), at)) {
            cursorExtent = extent;
            cursor.open(chunk.memory(), at);
        }
        return seek((int) (offset - extent.base), offset);
    }

    private boolean viewBacklog(Extent extent, long offset) {
        cursorExtent = null;
        Backlog source = java.util.Objects.requireNonNull(backlog);
        long backlogOffset = extent.position + (offset - extent.base);
        int at = source.find(backlogOffset);
        if (at < 0) {
            return false;
        }
        if (!cursor.isIn(source.window(), at)) {
            cursor.open(source.window(), at);
        }
        return seek((int) (backlogOffset - source.baseOffset(at)), offset);
    }

    private boolean seek(int delta, long offset) {
        if (!cursor.seek(delta)) {
            throw new IllegalStateException("log " + number + ": message " + offset + " is not in its batch");
        }
        return true;
    }

    /** Brings a live message into memory, then calls back. */
    public void load(long offset, Runnable loaded) {
        Extent extent = java.util.Objects.requireNonNull(extents.find(offset), "not live");
        Chunk chunk = extent.chunk;
        if (chunk != null) {
            shard.loader().load(chunk, loaded);
        } else {
            java.util.Objects.requireNonNull(backlog).load(extent.position + (offset - extent.base), loaded);
        }
    }

    /** Removes one live message for good. */
    public void acknowledge(long offset) {
        Extent extent = lastAcknowledged;
        if (extent == null || !extent.covers(offset)) {
            extent = extents.find(offset);
            lastAcknowledged = extent;
        }
        if (extent == null || !isLive(offset)) {
            throw new IllegalStateException("log " + number + " has no live message " + offset + " to acknowledge");
        }
        if (offset == head) {
            head = offset + 1;
            advanceHead();
        } else {
            acknowledged.add(offset);
        }
        if (extent.durable) {
            unjournaled.add(offset);
            acknowledgementsDue();
        }
        live--;
        extent.live--;
        if (!deliveryCounts.isEmpty()) {
            deliveryCounts.remove(offset);
        }
        if (extent.inBacklog()) {
            java.util.Objects.requireNonNull(backlog).acknowledged();
        }
        settle(extent);
    }

    /** How often a message was returned to the queue, as {@link #countDelivery} counted it. */
    public int deliveryCount(long offset) {
        return deliveryCounts.isEmpty() ? 0 : deliveryCounts.getOrDefault(offset, 0);
    }

    /** Counts a return of a live message, durably where the message is. Returns the new count. */
    public int countDelivery(long offset) {
        int count = deliveryCounts.merge(offset, 1, Integer::sum);
        Extent extent = extents.find(offset);
        if (extent != null && extent.durable) {
            shard.journal(JournalItem.COUNT, out -> out.writeLong(number).writeLong(offset).writeInt(count));
        }
        return count;
    }

    /** Removes all live messages of {@code [from, to)} for good. Returns how many. */
    public long acknowledgeAll(long from, long to) {
        shard.readable();
        long before = live;
        boolean journal = false;
        for (int i = extents.indexFrom(from); i < extents.size() && extents.get(i).base < to; i++) {
            Extent extent = extents.get(i);
            int gone = liveIn(extent, Math.max(from, extent.base), Math.min(to, extent.end()));
            extent.live -= gone;
            live -= gone;
            journal |= extent.durable && gone > 0;
            if (gone > 0 && extent.live == 0) {
                release(extent);
            }
        }
        acknowledged.add(Math.max(from, head), to);
        advanceHead();
        extents.sweep();
        lastAcknowledged = null;
        if (journal) {
            unjournaled.add(from, to);
            acknowledgementsDue();
        }
        trimBacklog();
        return before - live;
    }

    /** Deletes the log with all it holds. What the journal has of it is passed over from now on. */
    public void delete() {
        shard.readable();
        for (int i = 0; i < extents.size(); i++) {
            if (extents.get(i).live > 0) {
                extents.get(i).live = 0;
                release(extents.get(i));
            }
        }
        extents.clear();
        cursor.close();
        cursorExtent = null;
        lastAcknowledged = null;
        live = 0;
        head = next;
        unjournaled.clear();
        acknowledged.clear();
        shard.deleted(this);
        if (backlog != null) {
            backlog.close();
        }
    }

    /** Gives back what is not memory of chunks. */
    void close() {
        forgetCursor();
        if (backlog != null) {
            backlog.close();
        }
    }

    // ---- what lanes, recycling and recovery do

    Extent begin(boolean survives) {
        Extent extent = new Extent(this, survives, next);
        extents.append(extent);
        return extent;
    }

    void appended() {
        next++;
        live++;
    }

    void journaledBytes(int more) {
        journaledBytes += more;
        shard.journaledBytes(more);
    }

    /** Bytes of its live batches that are in chunks: what recycling the journal has to carry on. */
    long journaledBytes() {
        return journaledBytes;
    }

    /** An extent's batch has a new place in a chunk. */
    void moved(Extent extent, int sizeBytes, Chunk chunk, int at) {
        java.util.Objects.requireNonNull(extent.chunk).unlink(extent);
        journaledBytes(sizeBytes - extent.sizeBytes);
        extent.sizeBytes = sizeBytes;
        extent.position = at;
        chunk.link(extent);
        forgetCursor();
    }

    /** An extent's records are in the backlog now. */
    void movedToBacklog(Extent extent, long position) {
        Chunk chunk = java.util.Objects.requireNonNull(extent.chunk);
        chunk.unlink(extent);
        extent.chunk = null;
        journaledBytes(-extent.sizeBytes);
        extent.sizeBytes = 0;
        extent.position = position;
        forgetCursor();
    }

    ExtentList extents() {
        return extents;
    }

    OffsetRanges acknowledged() {
        return acknowledged;
    }

    @Nullable
    Backlog backlog() {
        return backlog;
    }

    void backlog(Backlog backlog) {
        this.backlog = backlog;
    }

    void forgetCursor() {
        cursorExtent = null;
        lastAcknowledged = null;
        cursor.close();
    }

    /** Acknowledged offsets that the journal has not got; the caller clears them once it has. */
    OffsetRanges unjournaled() {
        acknowledgementsDue = false;
        return unjournaled;
    }

    void restore(long head, long next, long deliveredBelow) {
        this.head = Math.max(this.head, head);
        this.next = Math.max(this.next, next);
        this.deliveredBelow = Math.max(this.deliveredBelow, deliveredBelow);
    }

    void recovered(long live) {
        this.live = live;
        advanceHead();
    }

    /** Moves the head over what is acknowledged. */
    void passAcknowledged() {
        if (!acknowledged.isEmpty() && acknowledged.from(0) < head) {
            acknowledged.removeBelow(head);
        }
        advanceHead();
    }

    /** Live offsets of {@code [from, to)}, which lies in an extent. */
    int liveIn(Extent extent, long from, long to) {
        if (extent.live == 0) {
            return 0;
        }
        if (from == extent.base && to == extent.end()) {
            return extent.live;
        }
        long first = Math.max(from, head);
        if (first >= to) {
            return 0;
        }
        return (int) (to - first - acknowledged.count(first, to));
    }

    private void advanceHead() {
        if (!acknowledged.isEmpty() && acknowledged.from(0) <= head) {
            head = Math.max(head, acknowledged.to(0));
            acknowledged.removeBelow(head);
        }
    }

    private void settle(Extent extent) {
        if (extent.live == 0) {
            release(extent);
            extents.died();
        }
    }

    private void release(Extent extent) {
        if (extent == cursorExtent) {
            cursorExtent = null;
            cursor.close();
        }
        if (extent == lastAcknowledged) {
            lastAcknowledged = null;
        }
        Chunk chunk = extent.chunk;
        if (chunk != null) {
            chunk.unlink(extent);
            journaledBytes(-extent.sizeBytes);
            shard.memory().releaseIfDead(chunk);
        } else {
            trimBacklog();
        }
    }

    private void trimBacklog() {
        if (backlog != null) {
            backlog.trimLater();
        }
    }

    private void acknowledgementsDue() {
        if (!acknowledgementsDue) {
            acknowledgementsDue = true;
            shard.acknowledgementsDue(this);
        }
    }

    Map<Long, Integer> deliveryCounts() {
        return deliveryCounts;
    }

    /** The journal's entry that holds its last STATE item; -1 where there is none. */
    long stateEntry() {
        return stateEntry;
    }

    void stateEntry(long entry) {
        stateEntry = entry;
    }

    /** Live extents of the backlog, in offset order; a copy. */
    List<Extent> spans() {
        List<Extent> spans = new java.util.ArrayList<>();
        for (int i = 0; i < extents.size(); i++) {
            if (extents.get(i).inBacklog() && extents.get(i).live > 0) {
                spans.add(extents.get(i));
            }
        }
        return spans;
    }
}
