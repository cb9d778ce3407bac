// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import io.relais.broker.runtime.Owner;
import org.apache.kafka.server.util.timer.Timer;
import org.apache.kafka.server.util.timer.TimerTask;
import org.apache.kafka.server.util.timer.TimerTaskEntry;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator's timers, on the broker's clock and without a thread: sessions, rebalances, timeouts of writes. One timer of the owner stands for the earliest of them.
 *
 * <p>A task that is cancelled cannot be taken out where Kafka's class cancels it, and most are: each commit has a timeout of five seconds. So whenever the number of tasks has doubled, the cancelled ones
 * are dropped: constant work for each task, and at most twice the tasks that live.
 *
 * <p>Thread: any adds; the owner runs them. They are short: they queue work for the coordinator.
 */
final class OwnerTimer implements Timer {
    private static final int SWEEP_MIN = 1_024;

    private final Owner owner;
    private final Queue<Task> tasks = new PriorityQueue<>(Comparator.comparingLong(Task::deadlineNs));
    private int sweepAt = SWEEP_MIN;
    private boolean closed;

    /** For the owner: what stands for the earliest task. */
    private Owner.@Nullable Timer armed;
    private long armedNs = Long.MAX_VALUE;

    private record Task(long deadlineNs, TimerTaskEntry entry) {}

    OwnerTimer(Owner owner) {
        this.owner = owner;
    }

    @Override
    public void add(TimerTask task) {
        long deadlineNs = owner.clock().nowNs() + TimeUnit.MILLISECONDS.toNanos(Math.max(0, task.delayMs));
        TimerTaskEntry entry = new TimerTaskEntry(task, deadlineNs);
        boolean first;
        synchronized (tasks) {
            if (closed) {
                return;
            }
            tasks.add(new Task(deadlineNs, entry));
            Task earliest = tasks.peek();
            first = earliest != null && earliest.entry() == entry;
            if (tasks.size() >= sweepAt) {
                tasks.removeIf(each -> each.entry().cancelled());
                sweepAt = Math.max(SWEEP_MIN, 2 * tasks.size());
            }
        }
        if (first) {
            owner.execute(() -> arm(deadlineNs));
        }
    }

    private void arm(long deadlineNs) {
        if (deadlineNs >= armedNs) {
            return;
        }
        Owner.Timer before = armed;
        if (before != null) {
            before.cancel();
        }
        armedNs = deadlineNs;
        long delayNs = Math.max(0, deadlineNs - owner.clock().nowNs());
        armed = owner.schedule(TimeUnit.NANOSECONDS.toMillis(delayNs + 999_999), this::run);
    }

    private void run() {
        armed = null;
        armedNs = Long.MAX_VALUE;
        long nowNs = owner.clock().nowNs();
        for (Task due = next(nowNs); due != null; due = next(nowNs)) {
            if (!due.entry().cancelled()) {
                due.entry().timerTask.run();
            }
        }
        Task earliest;
        synchronized (tasks) {
            earliest = tasks.peek();
        }
        if (earliest != null) {
            arm(earliest.deadlineNs());
        }
    }

    private @Nullable Task next(long nowNs) {
        synchronized (tasks) {
            Task earliest = tasks.peek();
            return earliest != null && earliest.deadlineNs() <= nowNs ? tasks.poll() : null;
        }
    }

    /** Nobody drives it: the owner does. */
    @Override
    public boolean advanceClock(long timeoutMs) {
        return false;
    }

    @Override
    public int size() {
        synchronized (tasks) {
            return tasks.size();
        }
    }

    @Override
    public void close() {
        synchronized (tasks) {
            closed = true;
            tasks.clear();
        }
        owner.execute(() -> {
            Owner.Timer last = armed;
            if (last != null) {
                last.cancel();
            }
        });
    }
}
