// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.relais.kafka.share.StateChange.Kind;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** What the log of share groups keeps, and how it is kept short. */
class StateStoreTest {
    private SimulatedShares shares = SimulatedShares.start(3, Map.of()).subscribed();

    private Errors write(int stateEpoch, long start, StateChange... changes) {
        List<Errors> told = new ArrayList<>();
        shares.store.whenReady(ready -> shares.store.write(shares.id(), stateEpoch, start, 0, List.of(changes),
                told::add));
        shares.simulation.settle();
        return told.get(0);
    }

    private StoredState state() {
        shares.store.whenReady(error -> assertThat(error).isEqualTo(Errors.NONE));
        shares.simulation.settle();
        return Objects.requireNonNull(shares.store.state(shares.id()));
    }

    @Test
    void afterAPowerCut_itIsWhatWasConfirmed() {
        write(0, 2, new StateChange(2, 5, Kind.AVAILABLE, 1), new StateChange(3, 4, Kind.ACKNOWLEDGED, 1));
        write(0, 2, new StateChange(5, 5, Kind.ARCHIVED, 2));

        shares = shares.crash();

        assertThat(state().startOffset()).isEqualTo(2);
        assertThat(state().states()).containsExactly(new StateChange(2, 2, Kind.AVAILABLE, 1),
                new StateChange(3, 4, Kind.ACKNOWLEDGED, 1), new StateChange(5, 5, Kind.ARCHIVED, 2));
    }

    @Test
    void writesOfAnEarlierStateEpochAreFenced() {
        shares.store.initialize(shares.id(), 3, 0, error -> {
        });

        assertThat(write(2, 0)).isEqualTo(Errors.FENCED_STATE_EPOCH);
        assertThat(write(3, 0)).isEqualTo(Errors.NONE);
    }

    @Test
    void whatTheCoordinatorDeletedIsGone_afterAPowerCutToo() {
        shares.store.delete(shares.id(), error -> assertThat(error).isEqualTo(Errors.NONE));
        shares.simulation.settle();
        assertThat(write(0, 0)).isEqualTo(Errors.INVALID_REQUEST);

        shares = shares.crash();

        shares.store.whenReady(error -> {
        });
        shares.simulation.settle();
        assertThat(shares.store.state(shares.id())).isNull();
    }

    @Test
    void whenTheLogHasGrown_everythingIsWrittenAsAWhole_andAReaderOfTheRestKnowsAll() {
        for (int i = 0; i < 400; i++) {
            write(0, i, new StateChange(i, i + 3, Kind.AVAILABLE, 1 + (i % 4)));
        }

        shares = shares.crash();

        assertThat(state().startOffset()).isEqualTo(399);
        assertThat(state().snapshotEpoch()).isPositive();
        assertThat(state().states()).containsExactly(new StateChange(399, 402, Kind.AVAILABLE, 4));
        assertThat(shares.partition(StateTopic.NAME).logEndOffset()).isGreaterThan(400);
    }
}
