// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.ArrayList;
import java.util.List;

import io.relais.broker.store.OffsetRanges;
import io.relais.kafka.share.RangeMap.Range;
import io.relais.kafka.share.RecordState.Acquired;
import io.relais.kafka.share.RecordState.Archiving;
import io.relais.kafka.share.RecordState.Available;
import io.relais.kafka.share.StateChange.Kind;
import org.apache.kafka.common.protocol.Errors;

/**
 * Which records of one partition a share group has dealt with, and which its members have: competing consumers over a log, an acknowledgement per record (KIP-932).
 *
 * <p>An offset is below {@link #startOffset()} (dealt with), from {@link #endOffset()} on (never handed out), or between: then it is either done (acknowledged or archived) or live
 * (available again, acquired, on its way to the dead-letter queue). Decides only: what must become durable is in {@link #takeChanges()}, what must be copied to the dead-letter queue in
 * {@link #takeDeadRecords()}.
 *
 * <p>Thread: the owner. Memory: about 100 bytes per live range and 16 per done one; nothing per waiting record. Bounds: {@link ShareLimits#recordLocksMax} live records, plus the rest of one
 * batch; done ranges lie between live ones, so they are no more.
 */
final class ShareSubscription {
    private final OffsetRanges done = new OffsetRanges();
    private final RangeMap<RecordState> live = new RangeMap<>();
    private List<StateChange> changes = new ArrayList<>();
    private List<DeadRecords> deadRecords = new ArrayList<>();
    private long startOffset;
    private long endOffset;
    private long nothingAvailableBelow;

    /** One that begins at an offset, with nothing handed out yet. */
    ShareSubscription(long startOffset) {
        this.startOffset = startOffset;
        this.endOffset = startOffset;
        this.nothingAvailableBelow = startOffset;
    }

    /**
     * One as it was stored. What a member had is available: it counts as handed out, but the last attempt is made again, since it was the broker that ended.
     *
     * @param stored       in the order of offsets, none below {@code startOffset}
     * @param logEndOffset where the log ends; a power cut may have taken records of a topic that is synced now and then, and what gets their offsets now is new
     */
    static ShareSubscription restored(long startOffset, List<StateChange> stored, long logEndOffset,
            ShareLimits limits) {
        ShareSubscription restored = new ShareSubscription(Math.min(startOffset, logEndOffset));
        for (StateChange each : stored) {
            long last = Math.min(each.lastOffset(), logEndOffset - 1);
            if (last < each.lastOffset()) {
                restored.change(Math.max(each.firstOffset(), logEndOffset), each.lastOffset(), Kind.AVAILABLE, 0);
            }
            if (each.firstOffset() <= last) {
                restored.neverHandedOut(each.firstOffset());
                restored.restore(new StateChange(each.firstOffset(), last, each.kind(), each.deliveryCount()), limits);
                restored.endOffset = last + 1;
            }
        }
        restored.advance();
        return restored;
    }

    private void neverHandedOut(long before) {
        if (endOffset < before) {
            live.put(endOffset, before - 1, new Available(0));
        }
    }

    private void restore(StateChange stored, ShareLimits limits) {
        long first = stored.firstOffset();
        long last = stored.lastOffset();
        int count = stored.deliveryCount();
        if (stored.kind().isFinal()) {
            done.add(first, last + 1);
        } else if (stored.kind() == Kind.ARCHIVING) {
            DeadLetterCause cause = count >= limits.deliveryCountLimit()
                    ? DeadLetterCause.DELIVERY_COUNT_EXCEEDED
                    : DeadLetterCause.REJECTED;
            live.put(first, last, new Archiving(count, cause));
            deadRecords.add(new DeadRecords(first, last, count, cause));
        } else {
            live.put(first, last, new Available(Math.min(count, limits.deliveryCountLimit() - 1)));
        }
    }

    /** The share-partition start offset: everything below is dealt with. */
    long startOffset() {
        return startOffset;
    }

    /** The offset after the last record that was ever handed out. */
    long endOffset() {
        return endOffset;
    }

    /** Records that are not dealt with, of those handed out. */
    long liveCount() {
        return live.count();
    }

    /** Records from {@link #startOffset()} on that are dealt with: the lag of a group is what the log has from there on, less these. */
    int deliveryCompleteCount() {
        return (int) Math.min(Integer.MAX_VALUE, done.count(startOffset, endOffset));
    }

    /** The offset to read from next: of the first available record, or the first that was never handed out. */
    long nextOffset() {
        Range<RecordState> next = live.firstAtOrAbove(nothingAvailableBelow, Available.class::isInstance);
        nothingAvailableBelow = next == null ? endOffset : next.firstOffset();
        return nothingAvailableBelow;
    }

    /** Whether a member can get something, where the log has it. */
    boolean mayHandOut(ShareLimits limits) {
        return nextOffset() < endOffset || live.count() < limits.recordLocksMax();
    }

    /**
     * Hands out records.
     *
     * @param batches consecutive batches of the log, the first of which holds {@link #nextOffset()}
     */
    List<Acquisition> acquire(Demand demand, List<LogSpan> batches, ShareLimits limits, long nowNs) {
        Handout handout = new Handout(demand, limits, nowNs + limits.lockDurationNs());
        for (LogSpan batch : batches) {
            long first = Math.max(batch.firstOffset(), startOffset);
            if (handout.isFull()) {
                break;
            }
            if (first <= batch.lastOffset()) {
                skip(endOffset, first - 1);
                if (batch.deliverable()) {
                    handout.offer(first, batch.lastOffset());
                } else {
                    skip(first, batch.lastOffset());
                }
            }
        }
        advance();
        return handout.acquired;
    }

    /** There is nothing for consumers at these offsets: archives those that nobody has. */
    private void skip(long first, long last) {
        if (first > last) {
            return;
        }
        for (Range<RecordState> range : live.within(first, last)) {
            if (range.value() instanceof Available(int deliveryCount)) {
                finish(range.firstOffset(), range.lastOffset(), Kind.ARCHIVED, deliveryCount);
            }
        }
        if (last >= endOffset) {
            finish(Math.max(first, endOffset), last, Kind.ARCHIVED, 0);
            endOffset = last + 1;
        }
    }

    /** One member's turn. */
    private final class Handout {
        private final List<Acquisition> acquired = new ArrayList<>();
        private final Demand demand;
        private final ShareLimits limits;
        private final long lockedUntilNs;
        private long wanted;
        private boolean stopped;

        Handout(Demand demand, ShareLimits limits, long lockedUntilNs) {
            this.demand = demand;
            this.limits = limits;
            this.lockedUntilNs = lockedUntilNs;
            this.wanted = demand.recordsMax();
        }

        boolean isFull() {
            return stopped || wanted <= 0;
        }

        /** Offers the records of one batch. */
        void offer(long first, long last) {
            boolean newBatch = true;
            for (Range<RecordState> range : live.within(first, last)) {
                if (!isFull() && range.value() instanceof Available(int deliveryCount)) {
                    again(range, deliveryCount, newBatch);
                    newBatch = false;
                }
            }
            long room = limits.recordLocksMax() - live.count();
            if (!isFull() && room > 0 && last >= endOffset) {
                long from = Math.max(first, endOffset);
                long end = demand.strict() ? Math.min(last, from + Math.min(wanted, room) - 1) : last;
                take(from, end, 1, newBatch);
                endOffset = end + 1;
            }
            stopped |= endOffset <= last; // what was left out must not be skipped as a gap
        }

        private void again(Range<RecordState> range, int deliveryCount, boolean newBatch) {
            long count = range.count();
            if (deliveryCount >= limits.throttledFrom()) {
                if (!acquired.isEmpty()) {
                    stopped = true;
                    return;
                }
                int halvings = deliveryCount - limits.throttledFrom() + 1;
                count = limits.isLastAttempt(deliveryCount) ? 1 : Math.max(1, count >> Math.min(halvings, 62));
                stopped = true;
            }
            if (demand.strict()) {
                count = Math.min(count, wanted);
            }
            take(range.firstOffset(), range.firstOffset() + count - 1, deliveryCount + 1, newBatch);
        }

        private void take(long first, long last, int deliveryCount, boolean newBatch) {
            live.put(first, last, new Acquired(demand.memberId(), deliveryCount, lockedUntilNs));
            change(first, last, Kind.AVAILABLE, deliveryCount);
            wanted -= last - first + 1;
            Acquisition before = acquired.isEmpty() ? null : acquired.get(acquired.size() - 1);
            if (before != null && before.lastOffset() == first - 1 && before.deliveryCount() == deliveryCount
                    && !(newBatch && before.count() >= demand.batchSize())) {
                acquired.set(acquired.size() - 1, new Acquisition(before.firstOffset(), last, deliveryCount));
            } else {
                acquired.add(new Acquisition(first, last, deliveryCount));
            }
        }
    }

    /** Does what a member says about records it has: all of it, or nothing and which error it is. */
    Errors acknowledge(String memberId, List<Acknowledgement> acknowledgements, ShareLimits limits, long nowNs) {
        for (Acknowledgement each : acknowledgements) {
            Errors error = check(memberId, each, limits);
            if (error != Errors.NONE) {
                return error;
            }
        }
        for (Acknowledgement each : acknowledgements) {
            long first = Math.max(each.firstOffset(), startOffset);
            while (first <= each.lastOffset()) {
                long last = each.endOfRun(first);
                settle(each.type(first), live.within(first, last), limits, nowNs);
                first = last + 1;
            }
        }
        advance();
        return Errors.NONE;
    }

    private Errors check(String memberId, Acknowledgement acknowledgement, ShareLimits limits) {
        long first = Math.max(acknowledgement.firstOffset(), startOffset);
        if (acknowledgement.lastOffset() < first) {
            return Errors.NONE; // the log begins later by now: there is nothing left to say
        }
        if (acknowledgement.lastOffset() >= endOffset) {
            return Errors.INVALID_REQUEST;
        }
        if (acknowledgement.contains(Acknowledgement.RENEW) && !limits.renewable()) {
            return Errors.INVALID_RECORD_STATE;
        }
        long owned = 0;
        for (Range<RecordState> range : live.within(first, acknowledgement.lastOffset())) {
            if (range.value() instanceof Acquired acquired && acquired.memberId().equals(memberId)) {
                owned += range.count();
            }
        }
        return owned == acknowledgement.lastOffset() - first + 1 ? Errors.NONE : Errors.INVALID_RECORD_STATE;
    }

    private void settle(byte type, List<Range<RecordState>> ranges, ShareLimits limits, long nowNs) {
        for (Range<RecordState> range : ranges) {
            Acquired acquired = (Acquired) range.value();
            long first = range.firstOffset();
            long last = range.lastOffset();
            switch (type) {
                case Acknowledgement.GAP -> finish(first, last, Kind.ARCHIVED, acquired.deliveryCount());
                case Acknowledgement.ACCEPT -> finish(first, last, Kind.ACKNOWLEDGED, acquired.deliveryCount());
                case Acknowledgement.RELEASE -> release(first, last, acquired.deliveryCount(), limits);
                case Acknowledgement.REJECT ->
                    bury(first, last, acquired.deliveryCount(), DeadLetterCause.REJECTED, limits);
                case Acknowledgement.RENEW -> live.put(first, last, new Acquired(acquired.memberId(),
                        acquired.deliveryCount(), nowNs + limits.lockDurationNs()));
                default -> throw new IllegalArgumentException("validated, but of type " + type);
            }
        }
    }

    /** Takes everything from a member that it has: its session ended. Returns whether it had something. */
    boolean releaseAll(String memberId, ShareLimits limits) {
        return takeBack(limits, acquired -> acquired.memberId().equals(memberId));
    }

    /** Takes back what was locked until now at most. Returns whether there was something. */
    boolean expire(ShareLimits limits, long nowNs) {
        return takeBack(limits, acquired -> acquired.lockedUntilNs() - nowNs <= 0);
    }

    private boolean takeBack(ShareLimits limits, java.util.function.Predicate<Acquired> which) {
        boolean any = false;
        for (Range<RecordState> range : List.copyOf(live.all())) {
            if (range.value() instanceof Acquired acquired && which.test(acquired)) {
                release(range.firstOffset(), range.lastOffset(), acquired.deliveryCount(), limits);
                any = true;
            }
        }
        advance();
        return any;
    }

    /** When the first lock ends, on the monotonic clock; {@link Long#MAX_VALUE} where nothing is locked. */
    long nextExpiryNs() {
        long next = Long.MAX_VALUE;
        for (Range<RecordState> range : live.all()) {
            if (range.value() instanceof Acquired(String _, int _, long lockedUntilNs)
                    && (next == Long.MAX_VALUE || lockedUntilNs - next < 0)) {
                next = lockedUntilNs;
            }
        }
        return next;
    }

    /** The log begins later by now. Returns whether that is news. */
    boolean trimmed(long logStartOffset) {
        if (logStartOffset <= startOffset) {
            return false;
        }
        live.remove(startOffset, logStartOffset - 1);
        startOffset = logStartOffset;
        endOffset = Math.max(endOffset, logStartOffset);
        done.removeBelow(logStartOffset);
        nothingAvailableBelow = Math.max(nothingAvailableBelow, logStartOffset);
        advance();
        return true;
    }

    /** The dead-letter queue has these records, or will not get them. */
    void deadLettered(DeadRecords records) {
        for (Range<RecordState> range : live.within(records.firstOffset(), records.lastOffset())) {
            if (range.value() instanceof Archiving(int deliveryCount, DeadLetterCause _)) {
                finish(range.firstOffset(), range.lastOffset(), Kind.ARCHIVED, deliveryCount);
            }
        }
        advance();
    }

    private void release(long first, long last, int deliveryCount, ShareLimits limits) {
        if (deliveryCount >= limits.deliveryCountLimit()) {
            bury(first, last, deliveryCount, DeadLetterCause.DELIVERY_COUNT_EXCEEDED, limits);
        } else {
            live.put(first, last, new Available(deliveryCount));
            nothingAvailableBelow = Math.min(nothingAvailableBelow, first);
            change(first, last, Kind.AVAILABLE, deliveryCount);
        }
    }

    private void bury(long first, long last, int deliveryCount, DeadLetterCause cause, ShareLimits limits) {
        if (limits.deadLetters()) {
            live.put(first, last, new Archiving(deliveryCount, cause));
            deadRecords.add(new DeadRecords(first, last, deliveryCount, cause));
            change(first, last, Kind.ARCHIVING, deliveryCount);
        } else {
            finish(first, last, Kind.ARCHIVED, deliveryCount);
        }
    }

    private void finish(long first, long last, Kind kind, int deliveryCount) {
        live.remove(first, last);
        done.add(first, last + 1);
        change(first, last, kind, deliveryCount);
    }

    private void change(long first, long last, Kind kind, int deliveryCount) {
        changes.add(new StateChange(first, last, kind, deliveryCount));
    }

    private void advance() {
        long next = done.nextAbsent(startOffset);
        if (next > startOffset) {
            startOffset = next;
            done.removeBelow(next);
        }
    }

    /** What has become of records since the last call, in that order. */
    List<StateChange> takeChanges() {
        List<StateChange> taken = changes;
        changes = new ArrayList<>();
        return taken;
    }

    /** What must be copied to the dead-letter queue since the last call. */
    List<DeadRecords> takeDeadRecords() {
        List<DeadRecords> taken = deadRecords;
        deadRecords = new ArrayList<>();
        return taken;
    }
}
