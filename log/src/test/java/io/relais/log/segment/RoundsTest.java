// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final int ADDERS = 4;
    private static final int LOGS_EACH = 20_000;

    @Test
    void withSeveralThreads_oneRoundRunsAtATime_andEachLogHasItsTurn() throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(3);
                ExecutorService clients = Executors.newFixedThreadPool(ADDERS)) {
            List<Semaphore> turns = Stream.generate(() -> new Semaphore(0)).limit(ADDERS).toList();
            CountDownLatch left = new CountDownLatch(ADDERS);
            AtomicInteger running = new AtomicInteger();
            AtomicInteger together = new AtomicInteger();
            Rounds<Integer> rounds = new Rounds<>(threads, (List<Integer> adders) -> {
                if (running.incrementAndGet() > 1) {
                    together.incrementAndGet();
                }
                adders.forEach(adder -> turns.get(adder).release());
                running.decrementAndGet();
            });

            for (int i = 0; i < ADDERS; i++) {
                int adder = i;
                clients.execute(() -> {
                    for (int log = 0; log < LOGS_EACH; log++) {
                        rounds.add(adder);
                        turns.get(adder).acquireUninterruptibly();
                    }
                    left.countDown();
                });
            }

            boolean all = left.await(30, TimeUnit.SECONDS);
            turns.forEach(turn -> turn.release(LOGS_EACH)); // whoever was forgotten is let go

            assertThat(all).as("every log had its turn").isTrue();
            assertThat(together.get()).isZero();
        }
    }
}
