// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The checker must catch a broker that breaks its promises. */
class TransactionLedgerTest {
    private static final TopicPartition ZERO = new TopicPartition("t", 0);
    private static final Mark A = new Mark(1, 0, 0, 2);
    private static final Mark B = new Mark(1, 0, 1, 2);
    private static final Mark C = new Mark(1, 1, 0, 1);

    private final TransactionLedger ledger = new TransactionLedger();

    private static Map<Place, Mark> log(Mark... marks) {
        Map<Place, Mark> log = new HashMap<>();
        for (int offset = 0; offset < marks.length; offset++) {
            log.put(new Place(ZERO, offset), marks[offset]);
        }
        return log;
    }

    private void confirmed(long unit) {
        ledger.begun(1, unit);
        ledger.committing(1, unit);
        ledger.confirmed(1, unit);
    }

    private List<String> found(Mark... marks) {
        return ledger.violations(log(marks));
    }

    @Test
    void allThatWasConfirmedIsThere() {
        confirmed(0);
        confirmed(1);

        assertThat(found(A, B, C)).isEmpty();
    }

    @Test
    void aConfirmedTransactionIsLost() {
        confirmed(0);
        confirmed(1);

        assertThat(found(A, B)).singleElement().asString().startsWith("was confirmed and is lost");
    }

    @Test
    void aPartOfATransactionIsLost() {
        confirmed(0);

        assertThat(found(A)).singleElement().asString().startsWith("is there in part, 1 of 2");
    }

    @Test
    void anAbortedTransactionIsSeen() {
        ledger.begun(1, 0);

        assertThat(found()).isEmpty();
        assertThat(found(A, B)).singleElement().asString().startsWith("was not committed and is seen");
    }

    @Test
    void aTransactionInDoubtMayBeThereOrNot() {
        ledger.begun(1, 0);
        ledger.committing(1, 0);

        assertThat(found()).isEmpty();
        assertThat(found(A, B)).isEmpty();
        assertThat(found(B)).as("but not in part").isNotEmpty();
    }

    @Test
    void whatWasGoneAfterOneCrashIsThereAfterTheNext() {
        ledger.begun(1, 0);
        ledger.committing(1, 0);
        ledger.settle(log());

        assertThat(found(A, B)).singleElement().asString().startsWith("was gone, and is there again");
    }

    @Test
    void whatWasThereAfterOneCrashIsGoneAfterTheNext() {
        ledger.begun(1, 1);
        ledger.committing(1, 1);
        ledger.settle(log(C));

        assertThat(found()).anySatisfy(violation -> assertThat(violation).startsWith("was there, and is gone"));
    }

    @Test
    void aRecordIsThereTwice() {
        confirmed(1);

        assertThat(found(C, C)).singleElement().asString().startsWith("has records twice");
    }

    @Test
    void aRecordAppearsThatNobodyWrote() {
        assertThat(found(C)).singleElement().asString().startsWith("nobody began");
    }

    @Test
    void aRecordThatAConsumerSawIsNoLongerWhereItWas() {
        confirmed(1);
        ledger.seen(new Place(ZERO, 7), C);

        assertThat(found(C)).singleElement().asString().startsWith("was seen at");
    }

    @Test
    void theOrderIsBroken() {
        confirmed(0);
        confirmed(1);

        assertThat(found(C, A, B)).singleElement().asString().startsWith("is out of order");
    }
}
