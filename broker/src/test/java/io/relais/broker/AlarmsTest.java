// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AlarmsTest {
    private final Alarms alarms = new Alarms();
    private final List<@Nullable String> heard = new ArrayList<>();
    private final Broker.BlockListener listener = heard::add;

    @Test
    void publishersGoOnWhenTheLastAlarmIsOver() {
        alarms.add(listener);

        alarms.raise("disk", "the disk is nearly full");
        alarms.raise("memory", "memory is short");
        alarms.clear("disk");
        alarms.clear("memory");

        assertThat(heard).containsExactly("the disk is nearly full", "the disk is nearly full; memory is short",
                "memory is short", null);
    }

    @Test
    void nobodyHearsOfWhatDoesNotChange() {
        alarms.raise("disk", "full");
        alarms.add(listener);

        alarms.raise("disk", "full");
        alarms.clear("memory");
        alarms.remove(listener);
        alarms.clear("disk");

        assertThat(heard).isEmpty();
    }
}
