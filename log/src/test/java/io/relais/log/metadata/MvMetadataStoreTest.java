// SPDX-License-Identifier: Apache-2.0
package io.relais.log.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

import io.relais.log.Await;
import io.relais.log.Seeds;
import io.relais.log.disk.SimulatedDisk;
import io.relais.log.disk.SimulatedDisk.Operation;
import org.junit.jupiter.api.Test;

class MvMetadataStoreTest extends MetadataStoreContractTest {
    private static final Path FILE = Path.of("metadata.mv");
    private SimulatedDisk disk = newDisk(1);

    private static SimulatedDisk newDisk(long seed) {
        SimulatedDisk disk = new SimulatedDisk(seed);
        disk.createFolders(Path.of(""));
        return disk;
    }

    @Override
    MetadataStore open() {
        try {
            return MvMetadataStore.open(disk, FILE, executor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    MetadataStore killAndReopen() {
        ((MvMetadataStore) store).abandon();
        return open();
    }

    @Test
    void aChangeWhoseSyncFailsHasAnUnknownOutcomeAndNothingFollows() {
        disk.fail(Operation.SYNC, 1);

        assertThatThrownBy(() -> put("/a", "1", MetadataStore.ABSENT))
                .isInstanceOf(MetadataException.OutcomeUnknown.class);
        assertThatThrownBy(() -> put("/b", "1", MetadataStore.ABSENT))
                .isInstanceOf(MetadataException.OutcomeUnknown.class);
    }

    @Test
    void theFileStaysWithinASmallMultipleOfWhatLivesInIt() {
        for (int i = 0; i < 5000; i++) {
            store.put("/queues/" + i % 50, new byte[500], MetadataStore.ANY);
            executor.runAll();
        }

        assertThat(disk.usedBytes()).isLessThan(2 << 20);
    }

    @Test
    void everyAcknowledgedChangeSurvivesPowerCuts() {
        store.close();
        Seeds.each(Integer.getInteger("histories", 2000) / 40, this::history);
        store = open();
    }

    private void history(long seed) {
        Random random = new Random(seed);
        disk = newDisk(seed);
        TreeMap<String, String> acknowledged = new TreeMap<>();
        for (int life = 0; life < 4; life++) {
            store = open();
            assertThat(stored()).isEqualTo(acknowledged);
            SimulatedDisk[] after = new SimulatedDisk[1];
            int[] left = {random.nextInt(1500)};
            SimulatedDisk before = disk;
            disk.onOperation(_ -> {
                if (left[0]-- == 0) {
                    after[0] = before.crash();
                }
            });
            Map<String, String> maybe = write(random, acknowledged, after);
            executor.clear();
            disk = after[0] == null ? disk.crash() : after[0];
            store = open();
            var found = stored();
            assertThat(found).satisfiesAnyOf(it -> assertThat(it).isEqualTo(acknowledged),
                    it -> assertThat(it).isEqualTo(maybe));
            acknowledged.clear();
            acknowledged.putAll(found);
            store.close();
        }
    }

    /** Writes until the power goes; returns what is there if the last change survives. */
    private Map<String, String> write(Random random, Map<String, String> acknowledged, SimulatedDisk[] after) {
        TreeMap<String, String> maybe = new TreeMap<>(acknowledged);
        for (int i = 0; i < 400 && after[0] == null; i++) {
            String key = "/k/" + random.nextInt(30);
            String value = Long.toHexString(random.nextLong()).repeat(1 + random.nextInt(20));
            CompletionStage<?> stage;
            if (random.nextInt(4) == 0) {
                maybe.remove(key);
                stage = store.delete(key, MetadataStore.ANY);
            } else {
                maybe.put(key, value);
                stage = store.put(key, bytes(value), MetadataStore.ANY);
            }
            executor.runAll();
            if (!stage.toCompletableFuture().isCompletedExceptionally()) {
                acknowledged.clear();
                acknowledged.putAll(maybe);
            }
        }
        return maybe;
    }

    private Map<String, String> stored() {
        Map<String, String> found = new TreeMap<>();
        for (var item : Await.now(executor, store.scan("/"))) {
            found.put(item.key(), new String(item.value(), UTF_8));
        }
        return found;
    }
}
