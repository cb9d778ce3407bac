// SPDX-License-Identifier: Apache-2.0
package io.relais.log.local;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

import com.sun.management.OperatingSystemMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.relais.log.Batches;
import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.RetainedLog;
import io.relais.log.RetainedOptions;
import io.relais.log.disk.Disk;
import io.relais.log.disk.RealDisk;

/**
 * How long it takes until one batch for each of many partitions is durable, and what it costs: {@code DurabilityBenchmark FOLDER PARTITIONS ROUNDS BYTES [opens]}. The figures of
 * docs/adr/0003-how-partitions-become-durable.md come from here.
 */
final class DurabilityBenchmark {
    private final RetainedLog[] logs;
    private final int bytes;
    private final AtomicReference<CountDownLatch> durable = new AtomicReference<>(new CountDownLatch(0));

    private DurabilityBenchmark(int partitions, int bytes) {
        this.logs = new RetainedLog[partitions];
        this.bytes = bytes;
    }

    public static void main(String... args) throws IOException, InterruptedException {
        int partitions = Integer.parseInt(args[1]);
        Path folder = Path.of(args[0]);
        Files.createDirectories(folder);
        try (ExecutorService writing = Executors.newSingleThreadExecutor();
                ExecutorService syncing = Executors.newSingleThreadExecutor();
                ExecutorService io = Executors.newFixedThreadPool(2)) {
            Disk disk = new RealDisk(folder);
            var executors = new LocalLogStore.Executors(io, writing, syncing, io);
            for (String phase : List.of("created", "opened")) {
                try (var store = new LocalLogStore(disk, executors, PooledByteBufAllocator.DEFAULT, new Random(1))) {
                    var benchmark = new DurabilityBenchmark(partitions, Integer.parseInt(args[3]));
                    benchmark.open(store, phase);
                    if (phase.equals("created")) {
                        benchmark.run(Integer.parseInt(args[2]));
                    }
                    long began = System.nanoTime();
                    store.close();
                    print("closed: %.1f us each".formatted((System.nanoTime() - began) / 1e3 / partitions));
                }
            }
        }
    }

    private void open(LocalLogStore store, String phase) {
        long began = System.nanoTime();
        for (int i = 0; i < logs.length; i++) {
            logs[i] = store.openRetained(new LogId(0, i + 1), phase.equals("created") ? 1 : 2,
                    RetainedOptions.synced(64 << 20), new Progress()).toCompletableFuture().join();
        }
        print("%s %d: %.1f us each".formatted(phase, logs.length, (System.nanoTime() - began) / 1e3 / logs.length));
    }

    private final class Progress implements RetainedLog.Progress {
        @Override
        public void written(long end) {
            // the next step counts
        }

        @Override
        public void durable(long end) {
            durable.get().countDown();
        }

        @Override
        public void died(LogException why) {
            throw new IllegalStateException(why);
        }
    }

    private void run(int rounds) throws InterruptedException {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        var nanos = new ArrayList<Long>();
        long cpu = 0;
        int warm = Math.min(rounds / 3, 20);
        for (int round = 0; round < rounds; round++) {
            if (round == warm) {
                cpu = system.getProcessCpuTime();
            }
            CountDownLatch all = new CountDownLatch(logs.length);
            durable.set(all);
            ByteBuf batch = Batches.batch(1, round, new byte[bytes]);
            long began = System.nanoTime();
            for (RetainedLog log : logs) {
                log.append(PooledByteBufAllocator.DEFAULT.directBuffer(batch.readableBytes())
                        .writeBytes(batch, 0, batch.readableBytes()), 1);
            }
            all.await();
            if (round == 0) {
                print("first round, with the files created: %.2f ms".formatted((System.nanoTime() - began) / 1e6));
            }
            if (round >= warm) {
                nanos.add(System.nanoTime() - began);
            }
        }
        double perAppend = (system.getProcessCpuTime() - cpu) / 1e3 / nanos.size() / logs.length;
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        print("%d partitions, %d bytes: durable p50 %.2f ms, p90 %.2f ms, max %.2f ms; %.1f us CPU per append"
                .formatted(logs.length, bytes, sorted[sorted.length / 2] / 1e6, sorted[sorted.length * 9 / 10] / 1e6,
                        Arrays.stream(sorted).max().orElse(0) / 1e6, perAppend));
    }

    @SuppressWarnings("SystemOut") // it is a command
    private static void print(String line) {
        System.out.println(line);
    }
}
