// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenFilesTest {

    @ParameterizedTest
    @CsvSource({"1024, 512", "20000, 5000", "1048576, 16384", "unlimited, 16384"})
    void aQuarterOfWhatTheProcessMayOpenBetweenBounds(String limit, int max) {
        assertThat(OpenFiles.max(List.of("Limit                     Soft Limit           Hard Limit           Units",
                "Max open files            " + limit + "                524288               files"))).isEqualTo(max);
    }

    @ParameterizedTest
    @CsvSource({"Max processes 1 1 x", "nothing"})
    void fewWhereTheSystemDoesNotTell(String line) {
        assertThat(OpenFiles.max(List.of(line))).isEqualTo(512);
    }
}
