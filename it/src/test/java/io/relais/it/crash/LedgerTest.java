// SPDX-License-Identifier: Apache-2.0
package io.relais.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

/** The checker must catch a broker that breaks its promises. */
class LedgerTest {
    private static final Promise A = new Promise("q", 1, 1);
    private static final Promise B = new Promise("q", 1, 2);

    private long nowNs;
    private final Ledger ledger = new Ledger(() -> nowNs);

    private void publishedAndConfirmed(Promise... promises) {
        for (Promise promise : promises) {
            ledger.published(promise);
            ledger.confirmed(promise);
        }
    }

    private List<String> foundLater(Promise... promises) {
        return ledger.violations(Map.of("q", List.of(promises)), nowNs + Ledger.SETTLED_NS + 1);
    }

    @Test
    void allThatWasConfirmedIsThere() {
        publishedAndConfirmed(A, B);

        assertThat(foundLater(A, B)).isEmpty();
    }

    @Test
    void aConfirmedMessageIsLost() {
        publishedAndConfirmed(A, B);

        assertThat(foundLater(B)).containsExactly("was confirmed and is lost: " + A);
    }

    @Test
    void anUnconfirmedMessageMayBeThereOrNot() {
        ledger.published(A);

        assertThat(foundLater()).isEmpty();
        assertThat(foundLater(A)).isEmpty();
    }

    @Test
    void aMessageIsThereTwice() {
        publishedAndConfirmed(A);

        assertThat(foundLater(A, A)).containsExactly("is there 2 times: " + A);
    }

    @Test
    void aMessageAppearsThatNobodyPublished() {
        assertThat(foundLater(A)).containsExactly("nobody published " + A);
    }

    @Test
    void anAcknowledgedMessageComesBack() {
        publishedAndConfirmed(A);
        ledger.acknowledged(A);

        assertThat(foundLater(A)).containsExactly("came back after its acknowledgement: " + A);
        assertThat(foundLater()).isEmpty();
    }

    @Test
    void anAcknowledgementInFlightMayBeLost() {
        publishedAndConfirmed(A);
        ledger.acknowledged(A);

        assertThat(ledger.violations(Map.of("q", List.of(A)), nowNs + 1)).isEmpty();
    }

    @Test
    void whatWasGoneAfterOneCrashIsThereAfterTheNext() {
        ledger.published(A);
        ledger.drained(Map.of("q", List.of()));

        assertThat(foundLater(A)).containsExactly("was gone, and is there again: " + A);
    }

    @Test
    void whatWasDrainedStaysAway() {
        publishedAndConfirmed(A);
        ledger.drained(Map.of("q", List.of(A)));

        assertThat(foundLater()).isEmpty();
        assertThat(foundLater(A)).containsExactly("came back after its acknowledgement: " + A);
    }

    @Test
    void theOrderIsBroken() {
        publishedAndConfirmed(A, B);

        assertThat(foundLater(B, A)).containsExactly("is out of order: " + A + " behind " + B);
    }
}
