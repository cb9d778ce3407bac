// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.relais.broker.BrokerOptions;
import io.relais.broker.queue.SimulatedStore.Taken;
import io.relais.broker.store.StoreSizes;
import io.relais.log.disk.SimulatedDisk;
import org.junit.jupiter.api.Test;

/** Memory and disk are bounded by what lives and by configuration, not by what passed. Sizes are small, so that little is much. */
class StorageBoundsTest {
    private static final int FILE = 64 << 10;
    private static final BrokerOptions OPTIONS = new BrokerOptions(1 << 20, 128 << 10, 64 << 10, FILE, 32 << 10, 5, 0);
    private static final StoreSizes SIZES = new StoreSizes(16 << 10, FILE, 64 << 10, 1 << 20);

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final SimulatedStore store = new SimulatedStore(disk, 1, 1, OPTIONS, SIZES, Set.of());
    private final MessageQueue queue = store.durableQueue("q", 1);

    private void publish(int first, int end) {
        for (int i = first; i < end; i++) {
            store.publish(List.of(queue),
                    ("%08d".formatted(i) + "x".repeat(500)).getBytes(java.nio.charset.StandardCharsets.UTF_8), true,
                    -1);
            if (i % 20 == 0) {
                store.simulation().settle();
            }
        }
        store.quiesce();
    }

    private static String number(Taken taken) {
        return taken.body().substring(0, 8);
    }

    @Test
    void aDeepBacklogIsOnDisk_andComesBackInOrder_alsoAfterARestart() {
        publish(0, 20_000);
        assertThat(store.shard().residentBytes()).isLessThan(300 << 10);
        assertThat(store.shard().journaledBytes()).as("what extents in memory stand for").isLessThan(40L * FILE);
        assertThat(disk.usedBytes()).isLessThan(20_000 * 700L + 20L * FILE);

        SimulatedStore next = new SimulatedStore(store.crash(), 2, 2, OPTIONS, SIZES, Set.of(1L));
        MessageQueue again = next.durableQueue("q", 1);
        assertThat(again.messageCount()).isEqualTo(20_000);
        for (int i = 0; i < 20_000; i++) {
            assertThat(number(Objects.requireNonNull(next.get(again, true)))).isEqualTo("%08d".formatted(i));
        }
        assertThat(next.shard().residentBytes()).isLessThan(300 << 10);
        next.stop();
    }

    @Test
    void aDrainedBacklogGivesItsDiskBack() {
        publish(0, 10_000);
        while (store.get(queue, true) != null) {
            // taken
        }
        publish(10_000, 11_000);
        store.drain(queue);
        store.quiesce();

        assertThat(disk.usedBytes()).isLessThan(16L * FILE);
        store.stop();
    }

    @Test
    void oneOldUnacknowledgedMessagePinsNothingButItself() {
        publish(0, 1);
        Taken old = Objects.requireNonNull(store.get(queue, false));
        for (int round = 0; round < 40; round++) {
            publish(1 + round * 500, 1 + (round + 1) * 500);
            for (int i = 0; i < 500; i++) {
                assertThat(store.get(queue, true)).isNotNull();
            }
            store.quiesce();
            assertThat(disk.usedBytes()).as("disk in round %d", round).isLessThan(24L * FILE);
            assertThat(store.shard().residentBytes()).as("memory in round %d", round).isLessThan(300 << 10);
        }

        queue.requeue(old.offset(), false);

        assertThat(store.get(queue, true)).isNotNull()
                .satisfies(taken -> assertThat(number(taken)).isEqualTo("00000000"));
        assertThat(queue.messageCount()).isZero();
        store.stop();
    }

    @Test
    void everyHundredthUnacknowledgedMessageOfABacklogSurvivesItsCompaction() {
        publish(0, 10_000);
        for (int i = 0; i < 10_000; i++) {
            Taken taken = Objects.requireNonNull(store.get(queue, false));
            if (i % 100 != 0) {
                queue.acknowledge(taken.offset());
            }
        }
        publish(10_000, 12_000);
        store.quiesce();

        SimulatedStore next = new SimulatedStore(store.crash(), 2, 2, OPTIONS, SIZES, Set.of(1L));
        MessageQueue again = next.durableQueue("q", 1);
        assertThat(again.messageCount()).isEqualTo(2_100);
        for (int i = 0; i < 10_000; i += 100) {
            assertThat(next.get(again, true)).isNotNull()
                    .satisfies(taken -> assertThat(taken.redelivered()).isTrue());
        }
        next.stop();
    }
}
