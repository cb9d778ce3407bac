// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The returned messages of a queue: the lowest offset first, whatever the order of their return. */
class OffsetHeapTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void givesTheLowestFirstUnderRandomChanges(long seed) {
        Random random = new Random(seed);
        OffsetHeap heap = new OffsetHeap();
        PriorityQueue<Long> model = new PriorityQueue<>();
        for (int i = 0; i < 5000; i++) {
            if (model.isEmpty() || random.nextInt(5) < 3) {
                long offset = random.nextInt(1000);
                heap.add(offset);
                model.add(offset);
            } else {
                heap.removeLowest();
                model.remove();
            }
            assertThat(heap.size()).isEqualTo(model.size());
            if (!model.isEmpty()) {
                assertThat(heap.lowest()).as("seed %d, step %d", seed, i).isEqualTo(model.peek());
            }
        }
    }
}
