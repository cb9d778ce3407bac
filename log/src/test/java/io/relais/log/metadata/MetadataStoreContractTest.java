// SPDX-License-Identifier: Apache-2.0
package io.relais.log.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.relais.log.Await;
import io.relais.log.HandExecutor;
import io.relais.log.metadata.MetadataStore.Change;
import io.relais.log.metadata.MetadataStore.Item;
import io.relais.log.metadata.MetadataStore.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link MetadataStore} does. */
abstract class MetadataStoreContractTest {
    final HandExecutor executor = new HandExecutor();
    MetadataStore store;

    abstract MetadataStore open();

    /** The process is killed; the next one opens the store. */
    abstract MetadataStore killAndReopen();

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void anAbsentKeyIsEmpty() {
        assertThat(Await.now(executor, store.get("/a"))).isEmpty();
    }

    @Test
    void aKeyThatWasPutIsReadBackWithItsVersion() {
        long version = put("/a", "1", MetadataStore.ABSENT);

        var found = Await.now(executor, store.get("/a")).orElseThrow();

        assertThat(new String(found.value(), UTF_8)).isEqualTo("1");
        assertThat(found.version()).isEqualTo(version);
    }

    @Test
    void aPutThatExpectsAnotherVersionChangesNothing() {
        long version = put("/a", "1", MetadataStore.ABSENT);

        assertThatThrownBy(() -> put("/a", "2", MetadataStore.ABSENT))
                .isInstanceOf(MetadataException.VersionConflict.class);
        assertThatThrownBy(() -> put("/a", "2", version + 1)).isInstanceOf(MetadataException.VersionConflict.class);
        assertThatThrownBy(() -> put("/b", "2", version)).isInstanceOf(MetadataException.VersionConflict.class);

        assertThat(keys("/")).containsExactly("/a=1");
    }

    @Test
    void aPutThatExpectsTheRightVersionGivesANewOne() {
        long version = put("/a", "1", MetadataStore.ABSENT);

        assertThat(put("/a", "2", version)).isNotEqualTo(version);
        assertThat(put("/a", "3", MetadataStore.ANY)).isNotEqualTo(version);
        assertThat(keys("/")).containsExactly("/a=3");
    }

    @Test
    void aKeyThatWasDeletedNeverHasAnOldVersionAgain() {
        long version = put("/a", "1", MetadataStore.ABSENT);
        Await.now(executor, store.delete("/a", version));

        assertThat(put("/a", "2", MetadataStore.ABSENT)).isNotEqualTo(version);
    }

    @Test
    void deletingAnAbsentKeySucceedsOnlyWhereAnyVersionWillDo() {
        Await.now(executor, store.delete("/a", MetadataStore.ANY));

        assertThatThrownBy(() -> Await.now(executor, store.delete("/a", 1)))
                .isInstanceOf(MetadataException.VersionConflict.class);
    }

    @Test
    void aScanGivesTheKeysBelowAPrefixSorted() {
        for (String key : List.of("/q/b", "/q/a", "/r/a", "/p", "/q/a/x")) {
            put(key, "v", MetadataStore.ABSENT);
        }

        assertThat(keys("/q/")).containsExactly("/q/a=v", "/q/a/x=v", "/q/b=v");
        assertThat(keys("/none/")).isEmpty();
    }

    @Test
    void severalChangesAreAllAppliedInOrder() {
        put("/a", "1", MetadataStore.ABSENT);

        Await.now(executor, store.apply(List.of(new Change.Put("/b", bytes("2"), MetadataStore.ABSENT),
                new Change.Delete("/a", MetadataStore.ANY), new Change.Put("/b", bytes("3"), MetadataStore.ANY))));

        assertThat(keys("/")).containsExactly("/b=3");
    }

    @Test
    void ofSeveralChangesNoneIsAppliedWhereOneConflicts() {
        put("/a", "1", MetadataStore.ABSENT);

        assertThatThrownBy(() -> Await.now(executor,
                store.apply(List.of(new Change.Put("/b", bytes("2"), MetadataStore.ABSENT),
                        new Change.Delete("/a", MetadataStore.ANY), new Change.Put("/a", bytes("3"), 77)))))
                .isInstanceOf(MetadataException.VersionConflict.class);

        assertThat(keys("/")).containsExactly("/a=1");
    }

    @Test
    void aValueOverTheLimitIsRefused() {
        assertThatThrownBy(() -> store.put("/a", new byte[Changes.VALUE_BYTES_MAX + 1], MetadataStore.ANY))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("/a");
    }

    @Test
    void aWatchTellsOfChangesBelowItsPrefixUntilItIsClosed() throws Exception {
        List<String> told = new ArrayList<>();
        AutoCloseable watch = store.watch("/q/", told::add);

        put("/q/a", "1", MetadataStore.ABSENT);
        put("/r/a", "1", MetadataStore.ABSENT);
        Await.now(executor, store.delete("/q/a", MetadataStore.ANY));
        watch.close();
        put("/q/b", "1", MetadataStore.ABSENT);

        assertThat(told).containsExactly("/q/a", "/q/a");
    }

    @Test
    void anEphemeralKeyGoesWithItsSession() {
        Session session = store.openSession(Duration.ofSeconds(10));
        List<String> ended = new ArrayList<>();
        session.onExpired(() -> ended.add("ended"));
        Await.now(executor, session.putEphemeral("/leader", bytes("me")));
        assertThat(keys("/")).containsExactly("/leader=me");
        assertThat(session.aliveAt(0)).isTrue();
        assertThatThrownBy(() -> Await.now(executor, session.putEphemeral("/leader", bytes("you"))))
                .isInstanceOf(MetadataException.VersionConflict.class);

        session.close();
        executor.runAll();

        assertThat(keys("/")).isEmpty();
        assertThat(session.aliveAt(0)).isFalse();
        assertThat(ended).containsExactly("ended");
    }

    @Test
    void whatWasAcknowledgedIsThereInTheNextProcessAndEphemeralKeysAreNot() {
        long version = put("/a", "1", MetadataStore.ABSENT);
        Await.now(executor, store.openSession(Duration.ofSeconds(10)).putEphemeral("/e", bytes("x")));

        store = killAndReopen();

        assertThat(keys("/")).containsExactly("/a=1");
        assertThat(put("/a", "2", version)).isGreaterThan(version);
    }

    @Test
    void aClosedStoreHasCarriedOutWhatWaitedAndAnswersNothingMore() {
        var put = store.put("/a", bytes("1"), MetadataStore.ABSENT);
        store.close();

        Await.now(put);
        assertThatThrownBy(() -> put("/b", "1", MetadataStore.ABSENT))
                .isInstanceOf(MetadataException.OutcomeUnknown.class).hasMessageContaining("closed");
    }

    long put(String key, String value, long expected) {
        return Await.now(executor, store.put(key, bytes(value), expected));
    }

    List<String> keys(String prefix) {
        List<Item> items = Await.now(executor, store.scan(prefix));
        return items.stream().map(item -> item.key() + "=" + new String(item.value(), UTF_8)).toList();
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
