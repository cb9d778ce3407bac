// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka.old;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs with old clients need no change. The build puts their jars into {@code target/old-clients}. */
@KafkaTest
class OldClientsTest {
    private static final Path JARS = Path.of("target/old-clients");

    @ParameterizedTest
    @ValueSource(strings = {"2.1.1", "2.8.2", "3.9.1"})
    @Timeout(120)
    void anOldClientWorksUnchanged(String version, Kafka kafka, @TempDir Path folder) throws Exception {
        File out = folder.resolve("out").toFile();
        String classPath = JARS.resolve("kafka-clients-" + version + ".jar") + File.pathSeparator + Arrays
                .stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.contains("test-classes") || entry.contains("slf4j-api"))
                .collect(Collectors.joining(File.pathSeparator));

        Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-cp", classPath, OldClient.class.getName(), kafka.bootstrap())
                .redirectErrorStream(true).redirectOutput(out).start();
        boolean ended = process.waitFor(100, TimeUnit.SECONDS);
        process.destroyForcibly();

        assertThat(ended).as(Files.readString(out.toPath())).isTrue();
        assertThat(Files.readString(out.toPath()).strip()).endsWith(" passed, 0 failed");
    }
}
