// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.brokers;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Relais as a user starts it: {@code ./relais serve} with its shipped settings, on a port and a data folder of its own.
 *
 * @param script the {@code relais} at the root of the project, or of another build
 * @param settings further {@code key=value} for {@code --set}
 */
public record RelaisLauncher(Path script, List<String> settings) implements Launcher {

    @Override
    public String name() {
        return "relais";
    }

    /** Also gives the script the occasion to build what is missing, before anything is timed. */
    @Override
    public String describe() {
        try {
            Process version = new ProcessBuilder(script.toString(), "version")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String text = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (version.waitFor() != 0) {
                throw new IllegalStateException(script + " version failed");
            }
            return text + (settings.isEmpty() ? ", shipped settings" : ", " + String.join(" ", settings));
        } catch (IOException e) {
            throw new IllegalStateException("cannot run " + script, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public Launched launch(Path folder) throws IOException {
        Files.createDirectories(folder);
        int port = FreePort.next();
        Path log = folder.resolve("relais.log");
        List<String> command = new ArrayList<>(List.of(script.toString(), "serve"));
        for (String setting : settings(folder.resolve("data"), port)) {
            command.add("--set");
            command.add(setting);
        }
        long startedNs = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null"))).start();
        return Launched.of(name(), process, Endpoint.local(port), startedNs, log, () -> {});
    }

    private List<String> settings(Path data, int port) {
        List<String> all = new ArrayList<>(
                List.of("data=" + data, "amqp.listen=127.0.0.1:" + port, "kafka.listen=off"));
        all.addAll(settings);
        return all;
    }
}
