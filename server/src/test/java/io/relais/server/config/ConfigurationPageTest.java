// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

/** Holds {@code docs/configuration.md} to the table of keys. {@code -Ddocs.update=true} writes the page anew. */
class ConfigurationPageTest {
    private static final String BEGIN = "<!-- keys: begin -->\n";
    private static final String END = "<!-- keys: end -->\n";

    @Test
    void thePageHasEveryKeyAsItIs() throws IOException {
        Path page = Path.of("..", "docs", "configuration.md");
        String text = Files.readString(page);
        String expected = text.substring(0, text.indexOf(BEGIN) + BEGIN.length()) + table()
                + text.substring(text.indexOf(END));

        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(page, expected);
        } else {
            assertThat(text).as(
                    "docs/configuration.md; mvn test -pl server -am -Dtest=ConfigurationPageTest -Ddocs.update=true writes it")
                    .isEqualTo(expected);
        }
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| Key | Value | Default | What it does |\n|---|---|---|---|\n");
        for (Key<?> key : Keys.ALL) {
            table.append("| `").append(key.name()).append("` | ").append(key.type().expectation()).append(" | `")
                    .append(key.defaultText()).append("` | ").append(key.description()).append(" |\n");
        }
        return table.toString();
    }
}
