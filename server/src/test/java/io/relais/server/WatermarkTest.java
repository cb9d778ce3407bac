// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WatermarkTest {

    @Test
    void whatMustBeLeftIsShortBelowTheLimitUntilItIsATenthAboveIt() {
        Watermark free = Watermark.atLeast(1000);

        assertThat(free.passed(1000)).isFalse();
        assertThat(free.passed(999)).isTrue();
        assertThat(free.passed(1001)).isTrue();
        assertThat(free.passed(1099)).isTrue();
        assertThat(free.passed(1100)).isFalse();
        assertThat(free.passed(1001)).isFalse();
    }

    @Test
    void whatMayBeUsedIsTooMuchAboveTheLimitUntilItIsATenthBelowIt() {
        Watermark used = Watermark.atMost(1000);

        assertThat(used.passed(1000)).isFalse();
        assertThat(used.passed(1001)).isTrue();
        assertThat(used.passed(999)).isTrue();
        assertThat(used.passed(901)).isTrue();
        assertThat(used.passed(900)).isFalse();
        assertThat(used.passed(999)).isFalse();
    }
}
