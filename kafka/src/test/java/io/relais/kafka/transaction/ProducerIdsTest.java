// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import io.relais.broker.runtime.Simulation;
import io.relais.log.metadata.InMemoryMetadataStore;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Producer ids are given out once. */
class ProducerIdsTest {
    private final Simulation simulation = new Simulation(1);
    private InMemoryMetadataStore store = new InMemoryMetadataStore(simulation.disk());
    private ProducerIds ids = new ProducerIds(store, simulation);

    private List<Long> take(int count) {
        List<Long> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.whenReady(error -> {
                assertThat(error).isEqualTo(Errors.NONE);
                taken.add(ids.next());
            });
        }
        return taken;
    }

    @Test
    void theyAreGivenOut_whenABlockOfThemIsDurable() {
        List<Long> taken = take(3);
        assertThat(taken).isEmpty();

        simulation.settle();
        assertThat(taken).containsExactly(0L, 1L, 2L);
    }

    @Test
    void whenABlockIsUsedUp_thenTheNextIsSetAside() {
        List<Long> taken = take(2 * ProducerIds.BLOCK + 10);
        simulation.settle();

        assertThat(new HashSet<>(taken)).hasSize(2 * ProducerIds.BLOCK + 10);
    }

    @Test
    void whenThePowerFailsAtAnyMoment_thenNoneIsGivenOutTwice() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        Set<Long> given = new HashSet<>();
        for (int life = 0; life < 100; life++) {
            List<Long> taken = take(random.nextInt(1500));
            for (int turns = random.nextInt(20); turns > 0; turns--) {
                simulation.step();
            }
            assertThat(Collections.disjoint(taken, given)).as("seed " + seed).isTrue();
            given.addAll(taken);
            store = store.crash(random);
            simulation.crash();
            ids = new ProducerIds(store, simulation);
        }
        assertThat(given).isNotEmpty();
    }

    @Test
    void whenTheyCannotBeSetAside_thenNoneIsGivenOut() {
        List<Errors> told = new ArrayList<>();
        store.close();

        ids.whenReady(told::add);
        simulation.settle();

        assertThat(told).containsExactly(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThatThrownBy(ids::next).isInstanceOf(IllegalStateException.class);
    }
}
