// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.io.IOException;

import io.netty.util.internal.PlatformDependent;
import io.relais.log.disk.Disk;
import io.relais.server.config.Config;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches disk space and memory, and raises an alarm before they run out: publishers are then blocked, consumers go on.
 *
 * <p>Thread: one of its own, which looks every second; asking a disk can block. Alarms are told to {@link Alarm}, which must take them from that thread.
 */
final class ResourceWatch implements AutoCloseable {
    static final String DISK = "disk";
    static final String MEMORY = "memory";
    private static final long INTERVAL_MS = 1_000;
    /** Under a memory alarm what is live is counted anew this often, in intervals: each count is a full collection. */
    private static final int COLLECT_EVERY = 5;
    private static final Logger LOG = LoggerFactory.getLogger(ResourceWatch.class);

    /** Takes alarms. */
    interface Alarm {
        /** @param reason in words; null where the alarm is over */
        void set(String kind, @Nullable String reason);
    }

    private final Disk disk;
    private final Alarm alarm;
    private final HeapGauge heap = new HeapGauge();
    private final Watermark diskFree;
    private final Watermark heapLive;
    private final Watermark direct;
    private final Thread thread = new Thread(this::watch, "relais-watch");
    private final Object ended = new Object();
    private boolean closed;
    private boolean diskShort;
    private boolean memoryShort;
    private int intervalsUnderAlarm;

    ResourceWatch(Disk disk, Config config, Alarm alarm) {
        this.disk = disk;
        this.alarm = alarm;
        this.diskFree = Watermark.atLeast(config.broker().diskFreeLimitBytes());
        this.heapLive = Watermark.atMost(heap.maxBytes() / 100 * config.memory().heapLimitPercent());
        this.direct = Watermark
                .atMost(PlatformDependent.maxDirectMemory() / 100 * config.memory().directLimitPercent());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void watch() {
        try {
            synchronized (ended) {
                while (!closed) {
                    look();
                    ended.wait(INTERVAL_MS);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        lookAtDisk();
        lookAtMemory();
    }

    private void lookAtDisk() {
        try {
            long free = disk.usableBytes();
            boolean isShort = diskFree.passed(free);
            if (isShort != diskShort) {
                diskShort = isShort;
                alarm.set(DISK, isShort ? "only " + (free >> 20) + "MiB of disk space are left" : null);
            }
        } catch (IOException e) {
            LOG.error("free disk space cannot be told", e);
        }
    }

    private void lookAtMemory() {
        long buffers = PlatformDependent.usedDirectMemory();
        boolean buffersShort = direct.passed(buffers);
        boolean isShort = heapShort() || buffersShort;
        if (isShort != memoryShort) {
            memoryShort = isShort;
            alarm.set(MEMORY, isShort
                    ? "memory runs short: " + (heap.usedBytes() >> 20) + "MiB of heap and " + (buffers >> 20)
                            + "MiB of buffers are in use"
                    : null);
        }
    }

    private boolean heapShort() {
        if (heapLive.passed()) {
            if (++intervalsUnderAlarm % COLLECT_EVERY == 0) {
                heap.collect();
            }
            return heapLive.passed(heap.liveBytes());
        }
        intervalsUnderAlarm = 0;
        return heapLive.exceededBy(heap.usedBytes()) && heapLive.passed(heap.liveBytes());
    }

    @Override
    public void close() {
        synchronized (ended) {
            closed = true;
            ended.notifyAll();
        }
    }
}
