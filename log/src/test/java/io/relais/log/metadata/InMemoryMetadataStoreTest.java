// SPDX-License-Identifier: Apache-2.0
package io.relais.log.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

class InMemoryMetadataStoreTest extends MetadataStoreContractTest {

    @Override
    MetadataStore open() {
        return new InMemoryMetadataStore(executor);
    }

    @Override
    MetadataStore killAndReopen() {
        return ((InMemoryMetadataStore) store).crash(new Random(1));
    }

    @Test
    void aCrashKeepsAsManyUnacknowledgedChangesAsChanceWants() {
        Set<List<String>> outcomes = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            store = open();
            put("/a", "1", MetadataStore.ABSENT);
            var second = store.put("/b", bytes("2"), MetadataStore.ABSENT);
            var third = store.put("/c", bytes("3"), MetadataStore.ABSENT);

            store = ((InMemoryMetadataStore) store).crash(new Random(seed));

            assertThat(second.toCompletableFuture()).isCompletedExceptionally();
            assertThat(third.toCompletableFuture()).isCompletedExceptionally();
            outcomes.add(keys("/"));
        }
        assertThat(outcomes).containsExactlyInAnyOrder(List.of("/a=1"), List.of("/a=1", "/b=2"),
                List.of("/a=1", "/b=2", "/c=3"));
    }
}
