// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

/** The last offset of each key. */
class OffsetMapTest {

    private static ByteBuffer key(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aKeyThatDidNotOccur_hasNoOffset() {
        assertThat(new OffsetMap(1000, 10).get(key("a"))).isEqualTo(-1);
    }

    @Test
    void theHighestOffsetCounts() {
        OffsetMap map = new OffsetMap(1000, 10);
        map.put(key("a"), 0);
        assertThat(map.get(key("a"))).isZero();

        map.put(key("a"), 7);
        map.put(key("a"), 5);

        assertThat(map.get(key("a"))).isEqualTo(7);
        assertThat(map.size()).isOne();
    }

    @Test
    void whenItIsFull_thenItSaysSo_andStillKnowsWhatItHas() {
        OffsetMap map = new OffsetMap(100 * OffsetMap.SLOT_BYTES, 1_000_000);
        int taken = 0;
        while (map.put(key("k" + taken), taken)) {
            taken++;
        }

        assertThat(taken).isEqualTo(90);
        assertThat(map.put(key("k5"), 1000)).as("a key that is there").isTrue();
        assertThat(map.get(key("k5"))).isEqualTo(1000);
        assertThat(map.get(key("k90"))).isEqualTo(-1);
    }

    @Test
    void itTakesNoMoreMemoryThanItsKeysNeed() {
        OffsetMap map = new OffsetMap(16 << 20, 100);
        for (int i = 0; i < 100; i++) {
            assertThat(map.put(key("k" + i), i)).isTrue();
        }
    }

    @Test
    void itAgreesWithAMap() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        OffsetMap map = new OffsetMap(1 << 20, 2000);
        Map<String, Long> model = new HashMap<>();
        for (long offset = 0; offset < 5000; offset++) {
            String key = "k" + random.nextInt(1500);
            map.put(key(key), offset);
            model.put(key, offset);
        }

        model.forEach((key, offset) -> assertThat(map.get(key(key))).as("seed " + seed).isEqualTo(offset));
        assertThat(map.size()).isEqualTo(model.size());
    }
}
