// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.relais.broker.runtime.Owner;
import io.relais.kafka.partition.Partition;
import io.relais.log.RetainedLog;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition as one share group consumes it: its {@link ShareSubscription}, made durable, with locks that end, and with its dead-letter queue.
 *
 * <p>What changes takes effect at once and is written at the end of the round; a client hears of it when it is durable. Where it cannot be written, this one is given up, and the next one begins
 * with what is durable.
 *
 * <p>Thread: the owner.
 */
final class SharePartition {
    private static final Logger LOG = LoggerFactory.getLogger(SharePartition.class);

    private final SharePartitionId id;
    private final Partition partition;
    private final Parts parts;
    private final List<WriteListener> openers = new ArrayList<>();
    private final List<Runnable> waiters = new ArrayList<>();
    private final Deque<DeadRecords> dead = new ArrayDeque<>();
    private List<WriteListener> acknowledged = new ArrayList<>();
    private @Nullable ShareSubscription subscription;
    private @Nullable Errors failure;
    private Owner.@Nullable Timer timer;
    private long timerAtNs;
    private int stateEpoch;
    private int writing;
    private boolean opening;
    private boolean flushing;
    private boolean waking;
    private boolean reading;
    private boolean burying;

    /** What all share partitions use. */
    record Parts(Owner owner, ShareConfig config, StateStore store, DeadLetterQueue deadLetters,
            SharePartitions partitions) {}

    SharePartition(SharePartitionId id, Partition partition, Parts parts) {
        this.id = id;
        this.partition = partition;
        this.parts = parts;
    }

    SharePartitionId id() {
        return id;
    }

    Partition partition() {
        return partition;
    }

    ShareLimits limits() {
        return parts.config().limits(id.groupId());
    }

    /** Calls back when the state was read: at once where it was. */
    void whenOpen(WriteListener listener) {
        Errors failed = failure;
        if (failed != null) {
            listener.written(failed);
        } else if (subscription != null) {
            listener.written(Errors.NONE);
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
        partition.whenOpen(new Partition.OpenListener() {
            @Override
            public void opened(RetainedLog log) {
                parts.store().whenReady(error -> {
                    if (error != Errors.NONE) {
                        fail(Errors.COORDINATOR_NOT_AVAILABLE);
                    } else {
                        restore(log);
                    }
                });
            }

            @Override
            public void failed(Errors why) {
                fail(why);
            }
        });
    }

    private void restore(RetainedLog log) {
        StoredState stored = parts.store().state(id);
        if (failure != null) {
            return;
        }
        if (stored == null) {
            fail(Errors.UNKNOWN_SERVER_ERROR); // as Kafka: the group coordinator initializes it when a member is assigned
            return;
        }
        stateEpoch = stored.stateEpoch();
        if (stored.startOffset() != StoredState.NO_OFFSET) {
            begin(ShareSubscription.restored(stored.startOffset(), stored.states(), partition.logEndOffset(),
                    limits()));
            return;
        }
        FirstOffset.find(partition, log, parts.config().autoOffsetReset(id.groupId()), parts.owner(),
                (offset, error) -> {
                    if (error != Errors.NONE) {
                        fail(error);
                    } else if (failure == null) {
                        begin(new ShareSubscription(offset));
                    }
                });
    }

    /** Begins once it is durable where it begins: else "latest" would be another offset after a crash. */
    private void begin(ShareSubscription begun) {
        begun.trimmed(partition.logStartOffset());
        dead.addAll(begun.takeDeadRecords());
        write(begun, begun.takeChanges(), error -> {
            if (error == Errors.NONE && failure == null) {
                subscription = begun;
                List<WriteListener> listeners = List.copyOf(openers);
                openers.clear();
                listeners.forEach(listener -> listener.written(Errors.NONE));
                bury();
            }
        });
    }

    /** Ends this one: who waits hears why. */
    void fail(Errors why) {
        if (failure != null) {
            return;
        }
        failure = why;
        cancelTimer();
        parts.partitions().remove(this);
        List<WriteListener> listeners = new ArrayList<>(openers);
        openers.clear();
        listeners.addAll(acknowledged);
        acknowledged = new ArrayList<>();
        listeners.forEach(listener -> listener.written(why));
        wake();
    }

    /** Why it is of no use any more; null as long as it is. */
    @Nullable
    Errors failure() {
        return failure;
    }

    /** The state. It is open. */
    ShareSubscription subscription() {
        ShareSubscription opened = subscription;
        if (opened == null) {
            throw new IllegalStateException("share partition " + id + " is not open");
        }
        return opened;
    }

    /** The offset that the group may read to. It is open. */
    long readableEnd() {
        return PartitionSource.readableEnd(partition, readsCommitted());
    }

    boolean readsCommitted() {
        return parts.config().readsCommitted(id.groupId());
    }

    /** Whether there is something to hand out, and nobody is about to. It is open. */
    boolean mayRead() {
        ShareSubscription opened = subscription();
        if (timer != null && timerAtNs - parts.owner().clock().nowNs() <= 0) {
            cancelTimer();
            expire();
        }
        if (opened.trimmed(partition.logStartOffset())) {
            changed();
        }
        return !reading && opened.mayHandOut(limits()) && opened.nextOffset() < readableEnd();
    }

    /** Keeps others from reading until {@link #readDone}. */
    void beginReading() {
        reading = true;
    }

    void readDone() {
        reading = false;
        wake();
    }

    /** Hands out records. It is open. */
    List<Acquisition> acquire(Demand demand, List<LogSpan> batches) {
        long nowNs = parts.owner().clock().nowNs();
        ShareLimits limits = limits();
        List<Acquisition> acquired = subscription().acquire(demand, batches, limits, nowNs);
        if (!acquired.isEmpty()) {
            expireAt(nowNs + limits.lockDurationNs());
        }
        changed();
        return acquired;
    }

    /** Does what a member says. The listener hears of it once it is durable. */
    void acknowledge(String memberId, List<Acknowledgement> acknowledgements, WriteListener listener) {
        Errors failed = failure;
        ShareSubscription opened = subscription;
        if (failed != null || opened == null) {
            listener.written(failed != null ? failed : Errors.INVALID_RECORD_STATE);
            return;
        }
        if (opened.trimmed(partition.logStartOffset())) {
            changed();
        }
        long nowNs = parts.owner().clock().nowNs();
        ShareLimits limits = limits();
        Errors error = opened.acknowledge(memberId, acknowledgements, limits, nowNs);
        if (error != Errors.NONE) {
            listener.written(error);
            return;
        }
        expireAt(nowNs + limits.lockDurationNs());
        acknowledged.add(listener);
        changed();
        wake();
    }

    /** Takes everything from a member: its session ended. */
    void releaseAll(String memberId) {
        ShareSubscription opened = subscription;
        if (opened != null && failure == null && opened.releaseAll(memberId, limits())) {
            changed();
            wake();
        }
    }

    /** Runs an action once, when there may be more to hand out. */
    void whenAvailable(Runnable action) {
        waiters.add(action);
    }

    void forgetWaiter(Runnable action) {
        waiters.remove(action);
    }

    private void wake() {
        if (!waking && !waiters.isEmpty()) {
            waking = true;
            parts.owner().execute(() -> {
                waking = false;
                List<Runnable> woken = List.copyOf(waiters);
                waiters.clear();
                woken.forEach(Runnable::run);
            });
        }
    }

    private void expireAt(long atNs) {
        if (timer != null && timerAtNs - atNs <= 0) {
            return;
        }
        cancelTimer();
        long nowNs = parts.owner().clock().nowNs();
        timerAtNs = atNs;
        timer = parts.owner().schedule(Math.max(0, (atNs - nowNs + 999_999) / 1_000_000), this::expire);
    }

    private void cancelTimer() {
        Owner.Timer running = timer;
        timer = null;
        if (running != null) {
            running.cancel();
        }
    }

    private void expire() {
        timer = null;
        ShareSubscription opened = subscription;
        if (opened == null || failure != null) {
            return;
        }
        if (opened.expire(limits(), parts.owner().clock().nowNs())) {
            changed();
            wake();
        }
        long next = opened.nextExpiryNs();
        if (next != Long.MAX_VALUE) {
            expireAt(next);
        }
    }

    private void changed() {
        if (!flushing) {
            flushing = true;
            parts.owner().execute(this::flush);
        }
    }

    private void flush() {
        flushing = false;
        if (failure != null) {
            return;
        }
        ShareSubscription opened = subscription();
        List<WriteListener> listeners = acknowledged;
        acknowledged = new ArrayList<>();
        List<DeadRecords> fresh = opened.takeDeadRecords();
        List<StateChange> changes = opened.takeChanges();
        if (changes.isEmpty()) {
            listeners.forEach(listener -> listener.written(Errors.NONE)); // renewed locks: nothing to keep
            retire();
            return;
        }
        write(opened, changes, error -> {
            listeners.forEach(listener -> listener.written(error));
            if (error == Errors.NONE) {
                dead.addAll(fresh);
                bury();
                retire();
            }
        });
    }

    private void write(ShareSubscription from, List<StateChange> changes, WriteListener listener) {
        writing++;
        parts.store().write(id, stateEpoch, from.startOffset(), from.deliveryCompleteCount(), changes,
                error -> {
                    writing--;
                    Errors told = error == Errors.FENCED_STATE_EPOCH || error == Errors.INVALID_REQUEST
                            ? Errors.NOT_LEADER_OR_FOLLOWER // as Kafka tells its clients: read again
                            : error;
                    listener.written(told);
                    if (error != Errors.NONE) {
                        LOG.warn("the state of {} cannot be written: {}", id, error);
                        fail(told);
                    }
                });
    }

    /** Copies what is dead to the dead-letter queue, one after the other; then it is archived. What cannot be copied is archived all the same, as Kafka does, and logged. */
    private void bury() {
        DeadRecords next = dead.peek();
        if (burying || next == null || failure != null) {
            return;
        }
        burying = true;
        parts.deadLetters().add(id, partition, next, why -> {
            burying = false;
            dead.poll();
            if (why != null) {
                LOG.warn("records {} to {} of {} in group '{}' are archived, but not in the dead-letter queue: {}",
                        next.firstOffset(), next.lastOffset(), partition, id.groupId(), why);
            }
            if (failure == null) {
                subscription().deadLettered(next);
                changed();
                parts.owner().execute(this::bury);
            }
        });
    }

    /** Goes away where nobody needs it: its state is durable. */
    void retire() {
        if (failure == null && subscription != null && !flushing && !reading && writing == 0 && dead.isEmpty()
                && waiters.isEmpty() && !parts.partitions().isUsed(id.groupId())) {
            fail(Errors.NOT_LEADER_OR_FOLLOWER);
        }
    }
}
