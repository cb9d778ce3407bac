// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpreadTest {

    @Test
    void isTheMedianWithLeastAndGreatest() {
        assertThat(Spread.of(30, 10, 20)).hasToString("20.0 (10.0–30.0)");
        assertThat(Spread.of(1, 2, 3, 4).median()).isEqualTo(2.5);
    }

    @Test
    void ofOneValueIsThatValue() {
        assertThat(Spread.of(16_227.7)).hasToString("16,228");
    }

    @ParameterizedTest
    @CsvSource({"0.1234, 0.12", "7.456, 7.46", "74.56, 74.6", "745.6, 746"})
    void numbersHaveAsManyDigitsAsMeanSomething(double value, String printed) {
        assertThat(Spread.number(value)).isEqualTo(printed);
    }
}
