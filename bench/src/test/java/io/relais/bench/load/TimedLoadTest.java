// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Locale;

import io.relais.bench.process.ProcessTree;
import org.junit.jupiter.api.Test;

class TimedLoadTest {
    private final ProcessTree self = new ProcessTree(ProcessHandle.current());

    @Test
    void coldCountsEverythingFromTheFirstStart() {
        TimedLoad load = new TimedLoad(self, 0, 2);

        load.line("id: t, starting producer #0", self);
        sample(load, 1.0, 100, 80);
        sample(load, 2.0, 300, 320);

        assertMeasured(load, 2.0, 400, 400);
    }

    @Test
    void warmLeavesOutTheLeadAndItsMessages() {
        TimedLoad load = new TimedLoad(self, 2, 2);

        load.line("id: t, starting producer #0", self);
        sample(load, 1.0, 7, 7);
        sample(load, 2.5, 9, 9);
        sample(load, 3.5, 100, 50);
        sample(load, 4.5, 100, 50);

        assertMeasured(load, 2.0, 200, 100);
    }

    @Test
    void whatComesAfterTheMeasuredTimeDoesNotCount() {
        TimedLoad load = new TimedLoad(self, 0, 1);

        load.line("id: t, starting producer #0", self);
        sample(load, 1.0, 100, 100);
        sample(load, 2.0, 999, 999);

        assertMeasured(load, 1.0, 100, 100);
    }

    @Test
    void aRateIsWeighedWithTheLengthOfItsInterval() {
        TimedLoad load = new TimedLoad(self, 0, 10);

        load.line("id: t, starting consumer #0", self);
        sample(load, 1.0, 100, 0);
        sample(load, 3.0, 200, 0);

        assertMeasured(load, 3.0, 500, 0);
    }

    @Test
    void nothingIsMeasuredWithoutASampleAfterTheLead() {
        TimedLoad load = new TimedLoad(self, 5, 2);

        load.line("id: t, starting producer #0", self);
        sample(load, 1.0, 100, 100);

        assertThat(load.load()).isEmpty();
    }

    private void sample(TimedLoad load, double atSeconds, int sent, int received) {
        load.line(String.format(Locale.ROOT, "id: t, time %.3f s, sent: %d msg/s, received: %d msg/s, end", atSeconds,
                sent,
                received), self);
    }

    private static void assertMeasured(TimedLoad load, double seconds, double sent, double received) {
        Load measured = load.load().orElseThrow();
        assertThat(measured.seconds()).isEqualTo(seconds, within(1e-9));
        assertThat(measured.sent()).isEqualTo(sent, within(1e-6));
        assertThat(measured.received()).isEqualTo(received, within(1e-6));
    }
}
