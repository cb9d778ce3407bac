// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.runtime;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;

/**
 * An owner, its clock and the threads of the disk, all on the caller's thread and in virtual time. The order in which they get their turns comes from a seed, so that a history can be run again.
 *
 * <p>Thread: the one that made it.
 */
public final class Simulation implements Owner, Clock {
    private static final int STEPS_MAX = 1_000_000;

    private final Thread thread = Thread.currentThread();
    private final Random random;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final ArrayDeque<Runnable> disk = new ArrayDeque<>();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private long nowNs = 1_000_000_000_000_000L;
    private long sequence;

    private static final class Alarm implements Comparable<Alarm>, Timer {
        final long atNs;
        final long sequence;
        final Runnable task;
        boolean cancelled;

        Alarm(long atNs, long sequence, Runnable task) {
            this.atNs = atNs;
            this.sequence = sequence;
            this.task = task;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Alarm other) {
            return atNs != other.atNs ? Long.compare(atNs, other.atNs) : Long.compare(sequence, other.sequence);
        }
    }

    public Simulation(long seed) {
        this.random = new Random(seed);
    }

    /** Where blocking work goes: it gets its turn when the simulation says so. */
    public Executor disk() {
        return disk::add;
    }

    @Override
    public Clock clock() {
        return this;
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timer schedule(long delayMs, Runnable task) {
        Alarm alarm = new Alarm(nowNs + delayMs * 1_000_000, sequence++, task);
        alarms.add(alarm);
        return alarm;
    }

    @Override
    public long nowMs() {
        return nowNs / 1_000_000;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    /** Runs one task of the owner or of the disk. Returns false where there is none. */
    public boolean step() {
        boolean both = !tasks.isEmpty() && !disk.isEmpty();
        Runnable next = both
                ? (random.nextBoolean() ? tasks : disk).poll()
                : tasks.isEmpty() ? disk.poll() : tasks.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }

    /** Runs until nobody has anything to do, time standing still. Fails where that never comes. */
    public void settle() {
        for (int steps = 0; step(); steps++) {
            if (steps == STEPS_MAX) {
                throw new IllegalStateException(
                        "the simulated process keeps itself busy: " + STEPS_MAX + " steps without coming to rest");
            }
        }
    }

    /** Lets time pass, running what falls due on the way. */
    public void advance(long ms) {
        long end = nowNs + ms * 1_000_000;
        settle();
        while (!alarms.isEmpty() && alarms.peek().atNs <= end) {
            Alarm alarm = alarms.remove();
            if (!alarm.cancelled) {
                nowNs = Math.max(nowNs, alarm.atNs);
                alarm.task.run();
                settle();
            }
        }
        nowNs = end;
    }

    /** Forgets everything that is pending, as a crash does. */
    public void crash() {
        tasks.clear();
        disk.clear();
        alarms.clear();
    }
}
