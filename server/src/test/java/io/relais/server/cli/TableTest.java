// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class TableTest {

    @Test
    void columnsAreAlignedUnderTheirHeadings() {
        assertThat(table("""
                [{"name":"a","ready":1234567,"more":1},{"name":"a long name","ready":null}]""")).isEqualTo("""
                name         ready
                a            1234567
                a long name  -
                """);
    }

    @Test
    void anEmptyNameIsVisible() {
        assertThat(table("[{\"name\":\"\",\"ready\":[\"x\"]}]")).isEqualTo("name  ready\n\"\"    [\"x\"]\n");
    }

    @Test
    void nothingIsAHeadingOnly() {
        assertThat(table("[]")).isEqualTo("name  ready\n");
    }

    private static String table(String rows) {
        return Table.render(List.of("name", "ready"), JsonMapper.shared().readTree(rows));
    }
}
