// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.relais.broker.MetadataWriter;
import io.relais.kafka.metadata.RecordMap;
import io.relais.log.metadata.InMemoryMetadataStore;
import io.relais.log.metadata.MetadataStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Which limit holds for whom, and what a debt costs. */
class ClientQuotasTest {
    private static final QuotaKey KEY = QuotaKey.PRODUCER_BYTE_RATE;

    private QuotaStore store = newStore();

    private static QuotaStore newStore() {
        MetadataStore metadata = new InMemoryMetadataStore(Runnable::run);
        MetadataWriter writer = new MetadataWriter(metadata, Runnable::run, why -> {
            throw new IllegalStateException(why);
        });
        return new QuotaStore(
                RecordMap.load("/q/", QuotaRecord.class, metadata, writer).toCompletableFuture().join());
    }

    private void limit(double perSecond, @Nullable String... entity) {
        Map<String, @Nullable String> names = new HashMap<>();
        for (int i = 0; i < entity.length; i += 2) {
            names.put(String.valueOf(entity[i]), entity[i + 1]);
        }
        store.put(names, Map.of("producer_byte_rate", perSecond));
    }

    private double found(String user, String client) {
        QuotaStore.Limit limit = store.find(KEY, user, client);
        return limit == null ? -1 : limit.perSecond();
    }

    @Nested
    class GivenLimitsOfEveryKind {

        @BeforeEach
        void set() {
            limit(1, "user", "ann", "client-id", "app");
            limit(2, "user", "ann", "client-id", null);
            limit(3, "user", "ann");
            limit(4, "user", null, "client-id", "app");
            limit(5, "user", null, "client-id", null);
            limit(6, "user", null);
            limit(7, "client-id", "app");
            limit(8, "client-id", null);
        }

        @Test
        void theMostSpecialOneHolds() {
            assertThat(found("ann", "app")).isEqualTo(1);
            assertThat(found("ann", "other")).isEqualTo(2);
            assertThat(found("bob", "app")).isEqualTo(4);
            assertThat(found("bob", "other")).isEqualTo(5);
        }

        @Test
        void whereASpecialOneIsTakenAwayTheNextHolds() {
            Map<String, @Nullable String> default2 = new HashMap<>(Map.of("user", "ann"));
            default2.put("client-id", null);
            store.put(default2, Map.of());
            store.put(Map.of("user", "ann", "client-id", "app"), Map.of());

            assertThat(found("ann", "app")).isEqualTo(3);
            assertThat(found("ann", "other")).isEqualTo(3);
        }
    }

    @Test
    void clientsOfOneUserShareTheUsersLimit() {
        limit(3, "user", "ann");

        assertThat(store.find(KEY, "ann", "one")).isEqualTo(store.find(KEY, "ann", "two"));
    }

    @Test
    void aDefaultGivesEachClientALimitOfItsOwn() {
        limit(8, "client-id", null);

        assertThat(
                List.of(String.valueOf(store.find(KEY, "ann", "one")), String.valueOf(store.find(KEY, "bob", "two"))))
                .doesNotHaveDuplicates();
        assertThat(store.find(KEY, "ann", "one")).isEqualTo(store.find(KEY, "bob", "one"));
    }

    @Test
    void withoutLimitsNobodyHasOne() {
        assertThat(found("ann", "app")).isEqualTo(-1);
        assertThat(store.has(KEY)).isFalse();
    }

    @Nested
    class GivenABucketOf100ASecond {
        final TokenBucket bucket = new TokenBucket(100, 100, 0);

        @Test
        void aBurstIsFree() {
            bucket.take(100, 0);

            assertThat(bucket.debtMs(0)).isZero();
        }

        @Test
        void whatIsBeyondItHasToBeWaitedFor() {
            bucket.take(150, 0);

            assertThat(bucket.debtMs(0)).isEqualTo(500);
            assertThat(bucket.debtMs(TimeUnit.MILLISECONDS.toNanos(400))).isEqualTo(100);
            assertThat(bucket.debtMs(TimeUnit.MILLISECONDS.toNanos(500))).isZero();
        }

        @Test
        void nobodySavesUpMoreThanABurst() {
            bucket.take(0, TimeUnit.HOURS.toNanos(1));
            bucket.take(200, TimeUnit.HOURS.toNanos(1));

            assertThat(bucket.debtMs(TimeUnit.HOURS.toNanos(1))).isEqualTo(1_000);
        }
    }
}
