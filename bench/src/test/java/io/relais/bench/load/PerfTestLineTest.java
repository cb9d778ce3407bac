// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines as PerfTest 2.22.1 printed them. */
class PerfTestLineTest {

    static List<Arguments> lines() {
        return List.of(Arguments.of("id: test-062125-560, starting producer #0", new PerfTestLine.Starting()),
                Arguments.of("id: test-062125-560, starting consumer #0, channel #0", new PerfTestLine.Starting()),
                Arguments.of(
                        "id: test-062125-560, time 2.000 s, sent: 655 msg/s, confirmed: 668 msg/s, nacked: 0 msg/s, received: 671 msg/s,"
                                + " min/median/75th/95th/99th consumer latency: 143/240/658/4361/12757 µs,"
                                + " confirm latency: 315/440/710/3096/5360 µs",
                        new PerfTestLine.Sample(2.0, 655, 671)),
                Arguments.of("id: test-063055-112, time 7.003 s, received: 30112 msg/s",
                        new PerfTestLine.Sample(7.003, 0, 30112)),
                Arguments.of("test stopped (Reached time limit)", new PerfTestLine.Stopped()),
                Arguments.of("id: test-062125-560, sending rate avg: 648 msg/s", new PerfTestLine.Other()),
                Arguments.of(
                        "id: test-062125-560, confirm latency min/median/75th/95th/99th 291/442/1090/4838/7611 µs",
                        new PerfTestLine.Other()));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void isReadForWhatItSays(String line, PerfTestLine meaning) {
        assertThat(PerfTestLine.parse(line)).isEqualTo(meaning);
    }
}
