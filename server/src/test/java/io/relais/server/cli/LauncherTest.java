// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher in a checkout of its own, with JDKs and a Maven that only write down how they were called. */
class LauncherTest {
    @TempDir
    Path folder = Path.of("");

    private Path checkout = Path.of("");
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void aFreshCheckout() throws IOException {
        checkout = Files.createDirectories(folder.resolve("a checkout"));
        Files.copy(Path.of("..", "relais"), checkout.resolve("relais"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        for (String module : List.of("log", "broker", "amqp", "server")) {
            Files.createDirectories(checkout.resolve(module).resolve("src/main/java"));
        }
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("HOME", folder.toString());
        environment.put("RELAIS_JAVA_HOME", jdk("jdk-25", "25.0.1").toString());
        environment.put("RELAIS_MVN",
                maven("mkdir -p server/target/lib; : > server/target/relais-server.jar").toString());
    }

    @Test
    void itBuildsWhatIsMissingOnceAndRunsIt() throws Exception {
        Result first = launch("version");
        Result second = launch("version");

        assertThat(first.err()).contains("relais: building");
        assertThat(first.out()).contains("-jar " + checkout.resolve("server/target/relais-server.jar") + " version");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).isEqualTo(first.out());
    }

    @Test
    void itBuildsAgainWhenASourceIsNewer() throws Exception {
        launch("version");
        Path source = Files.writeString(checkout.resolve("broker/src/main/java/New.java"), "class New {}");
        Files.setLastModifiedTime(source, java.nio.file.attribute.FileTime.fromMillis(
                Files.getLastModifiedTime(checkout.resolve("server/target/relais.built")).toMillis() + 2000));

        assertThat(launch("version").err()).contains("relais: building");
    }

    @Test
    void aTestOrSomethingBuiltIsNoReasonToBuildAgain() throws Exception {
        launch("version");
        for (String path : List.of("broker/src/test/java/NewTest.java", "broker/target/classes/New.class")) {
            Path file = checkout.resolve(path);
            Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
            Files.writeString(file, "");
            Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(
                    Files.getLastModifiedTime(checkout.resolve("server/target/relais.built")).toMillis() + 2000));
        }

        assertThat(launch("version").err()).isEmpty();
    }

    @Test
    void aFailedBuildShowsItsEndAndItsLog() throws Exception {
        environment.put("RELAIS_MVN", maven("echo 'cannot compile'; exit 1").toString());

        Result result = launch("version");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("cannot compile").contains("the build failed; all of its output is in "
                + checkout.resolve("target/launcher.log"));
    }

    @Test
    void serveIsTrainedForOnceAndThenStartsFromTheCache() throws Exception {
        Result first = launch("serve", "--amqp", "127.0.0.1:0");
        Result second = launch("serve");

        assertThat(first.err()).contains("relais: preparing a fast start");
        assertThat(first.out()).contains("-XX:AOTCache=" + checkout.resolve("server/target/relais.aot"))
                .endsWith("serve --amqp 127.0.0.1:0\n");
        assertThat(second.err()).isEmpty();
    }

    @Test
    void aTrainingThatFailsIsNotRepeatedAndNotMissed() throws Exception {
        environment.put("RELAIS_JAVA_HOME",
                jdk("untrainable", "25", "case \"$*\" in *train) exit 1;; esac").toString());

        Result first = launch("serve");
        Result second = launch("serve");

        assertThat(first.status()).isZero();
        assertThat(first.out()).doesNotContain("AOTCache").endsWith("serve\n");
        assertThat(second.err()).isEmpty();
    }

    @Test
    void flagsOfTheUserComeLastSoThatTheyWin() throws Exception {
        environment.put("RELAIS_JAVA_OPTS", "-Xmx2g -Dx=y");

        assertThat(launch("version").out()).containsSubsequence("-Xmx512m", "-Xmx2g", "-Dx=y", "-jar");
    }

    @Test
    void itWorksThroughASymbolicLinkFromAnyFolder() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("relais"), Path.of("a checkout", "relais"));

        assertThat(run(link, "version").out()).contains(checkout.resolve("server/target/relais-server.jar").toString());
    }

    @Test
    void argumentsKeepTheirSpaces() throws Exception {
        environment.put("RELAIS_JAVA_HOME",
                jdk("counting", "25", "for last; do :; done; echo \"last=$last\"").toString());

        assertThat(launch("user", "add", "two words").out()).contains("last=two words\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"25", "25.0.3", "26-ea", "31.1"})
    void aNewEnoughJdkIsTaken(String version) throws Exception {
        environment.put("RELAIS_JAVA_HOME", jdk("other", version).toString());

        assertThat(launch("version").status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"17.0.15", "1.8.0_402", "24"})
    void anOlderJdkIsRefusedByName(String version) throws Exception {
        Path old = jdk("old", version);
        environment.put("RELAIS_JAVA_HOME", old.toString());

        Result result = launch("version");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("relais: RELAIS_JAVA_HOME is " + old + ", where there is no JDK 25 or newer\n");
    }

    @Test
    void javaHomeAndThePathAreTried() throws Exception {
        Path old = jdk("old", "17.0.1");
        Path good = jdk("good", "25.0.9");
        environment.remove("RELAIS_JAVA_HOME");
        environment.put("JAVA_HOME", old.toString());
        environment.put("PATH", good.resolve("bin") + ":/usr/bin:/bin");

        assertThat(launch("version").out()).startsWith(good + "/bin/java ");
    }

    @Test
    void withoutMavenItSaysWhatToInstall() throws Exception {
        environment.put("RELAIS_MVN", "no-such-maven");

        assertThat(launch("version").err())
                .contains(
                        "is not built yet, and building needs Maven: install it (for example 'apt-get install maven')");
    }

    @Test
    void everyFlagIsInTheDocumentation() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "jvm-flags.md"));
        String command = launch("serve").out().replace(checkout + "/", "");

        for (String flag : command.substring(0, command.indexOf(" -jar ")).split(" ", -1)) {
            if (flag.startsWith("-")) {
                assertThat(page).contains(flag);
            }
        }
    }

    private record Result(int status, String out, String err) {}

    private Result launch(String... arguments) throws Exception {
        return run(checkout.resolve("relais"), arguments);
    }

    private Result run(Path launcher, String... arguments) throws Exception {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(launcher.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.directory(folder.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** A JDK whose java prints how it was called, and makes the cache it is asked for. */
    private Path jdk(String name, String version, String... more) throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/java"), String.join("\n", more)
                + "\nfor a; do case $a in -XX:AOTCacheOutput=*) echo cache > \"${a#*=}\";; esac; done\necho \"$0 $*\"");
        return home;
    }

    private Path maven(String body) throws IOException {
        return script(folder.resolve("mvn-" + body.hashCode()), body);
    }

    private static Path script(Path file, String body) throws IOException {
        Files.write(file, ("#!/bin/sh\n" + body + "\n").getBytes(StandardCharsets.UTF_8));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
