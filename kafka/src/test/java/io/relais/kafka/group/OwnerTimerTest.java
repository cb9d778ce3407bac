// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.relais.broker.runtime.Simulation;
import org.apache.kafka.server.util.timer.TimerTask;
import org.junit.jupiter.api.Test;

/** The coordinator's timers in virtual time. */
class OwnerTimerTest {
    private final Simulation simulation = new Simulation(1);
    private final OwnerTimer timer = new OwnerTimer(simulation);
    private final List<String> ran = new ArrayList<>();

    private TimerTask add(String name, long delayMs) {
        TimerTask task = new TimerTask(delayMs) {
            @Override
            public void run() {
                ran.add(name);
            }
        };
        timer.add(task);
        simulation.settle();
        return task;
    }

    @Test
    void tasksRunWhenTheyAreDueInTheOrderOfTheirDeadlines() {
        add("late", 500);
        add("soon", 100);
        add("at once", 0);
        simulation.advance(0);
        assertThat(ran).containsExactly("at once");

        simulation.advance(100);
        assertThat(ran).containsExactly("at once", "soon");

        simulation.advance(400);
        assertThat(ran).containsExactly("at once", "soon", "late");
    }

    @Test
    void aCancelledTaskDoesNotRun() {
        TimerTask task = add("cancelled", 100);
        add("other", 100);

        task.cancel();
        simulation.advance(100);

        assertThat(ran).containsExactly("other");
    }

    @Test
    void aTaskThatIsAddedAgainRunsOnceAtItsNewTime() {
        TimerTask task = add("session", 100);
        simulation.advance(60);

        timer.add(task);
        simulation.advance(60);
        assertThat(ran).isEmpty();

        simulation.advance(40);
        assertThat(ran).containsExactly("session");
    }

    @Test
    void cancelledTasksDoNotPileUp() {
        TimerTask kept = add("kept", 10_000);
        for (int i = 0; i < 100_000; i++) {
            TimerTask task = new TimerTask(5_000) {
                @Override
                public void run() {
                    ran.add("timed out");
                }
            };
            timer.add(task);
            task.cancel();
        }

        assertThat(timer.size()).isLessThan(2_100);
        simulation.advance(10_000);
        assertThat(ran).containsExactly("kept");
        assertThat(kept.isCancelled()).isFalse();
    }

    @Test
    void nothingRunsAfterTheEnd() {
        add("never", 100);

        timer.close();
        simulation.settle();
        simulation.advance(1_000);

        assertThat(ran).isEmpty();
    }
}
