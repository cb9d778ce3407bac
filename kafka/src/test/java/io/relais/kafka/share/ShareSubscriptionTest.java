// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.relais.kafka.share.StateChange.Kind;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Which records are handed out, and how many at once. */
class ShareSubscriptionTest {
    private static final ShareLimits LIMITS = new ShareLimits(2_000, 5, 30_000, true, false);
    private static final String ANN = "ann";

    private static Demand demand(int records) {
        return new Demand(ANN, records, 500, false);
    }

    private static LogSpan batch(long first, long last) {
        return new LogSpan(first, last, true);
    }

    private static List<Acquisition> acquire(ShareSubscription subscription, int records, LogSpan... batches) {
        return subscription.acquire(demand(records), List.of(batches), LIMITS, 0);
    }

    @Test
    void aBatchIsHandedOutWhole_unlessTheMemberIsStrict() {
        assertThat(acquire(new ShareSubscription(0), 5, batch(0, 9), batch(10, 19)))
                .containsExactly(new Acquisition(0, 9, 1));
        assertThat(new ShareSubscription(0).acquire(new Demand(ANN, 5, 500, true), List.of(batch(0, 9)), LIMITS, 0))
                .containsExactly(new Acquisition(0, 4, 1));
    }

    @Test
    void acquiredBatchesEndWhereTheLogsDo_onceTheyHaveTheSizeThatIsWanted() {
        Demand small = new Demand(ANN, 100, 15, false);

        assertThat(new ShareSubscription(0).acquire(small, List.of(batch(0, 9), batch(10, 19), batch(20, 29)), LIMITS,
                0)).containsExactly(new Acquisition(0, 19, 1), new Acquisition(20, 29, 1));
    }

    @Test
    void whatHoldsNothingForConsumersIsArchived_andNotInTheWay() {
        ShareSubscription subscription = new ShareSubscription(0);

        assertThat(acquire(subscription, 100, new LogSpan(0, 0, false), batch(1, 2), new LogSpan(3, 3, false)))
                .containsExactly(new Acquisition(1, 2, 1));
        assertThat(subscription.startOffset()).isEqualTo(1);
        assertThat(subscription.endOffset()).isEqualTo(4);
        subscription.acknowledge(ANN, List.of(new Acknowledgement(1, 2, List.of(Acknowledgement.ACCEPT))), LIMITS, 0);
        assertThat(subscription.startOffset()).isEqualTo(4);
    }

    @Test
    void noMoreRecordsAreOutThanMayBe_whateverThereIs() {
        ShareSubscription subscription = new ShareSubscription(0);
        ShareLimits few = new ShareLimits(10, 5, 30_000, true, false);
        subscription.acquire(demand(100), List.of(batch(0, 9)), few, 0);

        assertThat(subscription.mayHandOut(few)).isFalse();
        assertThat(subscription.acquire(demand(100), List.of(batch(10, 19), batch(20, 29)), few, 0)).isEmpty();
        assertThat(subscription.endOffset()).isEqualTo(10);

        subscription.acknowledge(ANN, List.of(new Acknowledgement(4, 4, List.of(Acknowledgement.RELEASE))), few, 0);
        assertThat(subscription.acquire(demand(100), List.of(batch(0, 9), batch(10, 19)), few, 0))
                .containsExactly(new Acquisition(4, 4, 2));
    }

    @Test
    void recordsThatFailAgainAndAgainAreHandedOutInSmallerParts_theLastTimeAlone() {
        ShareSubscription subscription = new ShareSubscription(0);
        LogSpan eight = batch(0, 7);
        for (int delivery = 1; delivery <= 3; delivery++) {
            assertThat(acquire(subscription, 100, eight)).containsExactly(new Acquisition(0, 7, delivery));
            subscription.releaseAll(ANN, LIMITS);
        }

        assertThat(acquire(subscription, 100, eight)).containsExactly(new Acquisition(0, 3, 4));
        subscription.releaseAll(ANN, LIMITS);
        assertThat(acquire(subscription, 100, eight)).containsExactly(new Acquisition(0, 0, 5));
        subscription.releaseAll(ANN, LIMITS);

        assertThat(subscription.startOffset()).isEqualTo(1); // archived: handed out five times
    }

    @Test
    void aGapIsArchivedWithoutADeadLetter() {
        ShareSubscription subscription = new ShareSubscription(0);
        ShareLimits dead = new ShareLimits(2_000, 5, 30_000, true, true);
        subscription.acquire(demand(9), List.of(batch(0, 1)), dead, 0);

        subscription.acknowledge(ANN,
                List.of(new Acknowledgement(0, 1, List.of(Acknowledgement.GAP, Acknowledgement.REJECT))), dead, 0);

        assertThat(subscription.takeDeadRecords())
                .containsExactly(new DeadRecords(1, 1, 1, DeadLetterCause.REJECTED));
        assertThat(subscription.startOffset()).isEqualTo(1);
    }

    @Test
    void whenTheLogBeginsLater_acknowledgementsOfWhatIsGoneAreNoErrors() {
        ShareSubscription subscription = new ShareSubscription(0);
        acquire(subscription, 9, batch(0, 9));

        assertThat(subscription.trimmed(5)).isTrue();

        assertThat(subscription.acknowledge(ANN,
                List.of(new Acknowledgement(0, 9, List.of(Acknowledgement.ACCEPT))), LIMITS, 0))
                .isEqualTo(Errors.NONE);
        assertThat(subscription.startOffset()).isEqualTo(10);
    }

    @Test
    void whenAPowerCutTookTheEndOfTheLog_whatComesInItsPlaceIsHandedOut() {
        List<StateChange> stored = List.of(new StateChange(0, 9, Kind.AVAILABLE, 1),
                new StateChange(10, 19, Kind.ACKNOWLEDGED, 1));

        ShareSubscription restored = ShareSubscription.restored(0, stored, 5, LIMITS);

        assertThat(restored.endOffset()).isEqualTo(5);
        assertThat(restored.takeChanges()).containsExactly(new StateChange(5, 9, Kind.AVAILABLE, 0),
                new StateChange(10, 19, Kind.AVAILABLE, 0));
        assertThat(acquire(restored, 100, batch(0, 4), batch(5, 19))).containsExactly(new Acquisition(0, 4, 2),
                new Acquisition(5, 19, 1));
    }
}
