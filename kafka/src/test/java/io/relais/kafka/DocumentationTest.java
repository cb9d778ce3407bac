// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/kafka.md} says what is. */
class DocumentationTest {
    private static final Path PAGE = Path.of("..", "docs", "kafka.md");
    private static final String BEGIN = "<!-- keys: begin -->\n";
    private static final String END = "<!-- keys: end -->\n";

    @Test
    void everyRequestThatIsServedIsInTheTable(@TempDir Path folder) throws IOException {
        String text = Files.readString(PAGE);
        String expected = text.substring(0, text.indexOf(BEGIN) + BEGIN.length()) + table(folder)
                + text.substring(text.indexOf(END));

        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(PAGE, expected);
        } else {
            assertThat(text).as(
                    "docs/kafka.md; mvn test -pl kafka -am -Dtest=DocumentationTest -Ddocs.update=true -Dsurefire.failIfNoSpecifiedTests=false writes it")
                    .isEqualTo(expected);
        }
    }

    private static String table(Path folder) throws IOException {
        try (LiveKafka kafka = LiveKafka.start(folder); RawClient client = new RawClient(kafka.port())) {
            TreeMap<Short, String> rows = new TreeMap<>();
            client.call(new ApiVersionsRequestData().setClientSoftwareName("a").setClientSoftwareVersion("1"), 4,
                    new ApiVersionsResponseData()).apiKeys().forEach(
                            key -> rows.put(key.apiKey(),
                                    "| %s | %d | %s |\n".formatted(ApiKeys.forId(key.apiKey()).name,
                                            key.apiKey(), range(key.minVersion(), key.maxVersion()))));
            return "| Request | Key | Versions |\n|---|---|---|\n" + String.join("", rows.values());
        }
    }

    private static String range(short min, short max) {
        return min == max ? String.valueOf(min) : min + "–" + max;
    }

    @Test
    void everyTopicConfigurationIsInTheTable() throws IOException {
        String text = Files.readString(PAGE);
        List<String> named = Pattern.compile("(?m)^\\| `([a-z0-9.]+)` \\| (enforced|kept|refused)").matcher(text)
                .results()
                .map(match -> match.group(1)).toList();

        assertThat(named).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(named)).isEqualTo(new TreeSet<>(LogConfig.configNames()));
    }
}
