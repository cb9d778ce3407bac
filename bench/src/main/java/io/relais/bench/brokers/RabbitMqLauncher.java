// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.brokers;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.relais.bench.process.Listener;

/**
 * RabbitMQ of Debian's package {@code rabbitmq-server} as its package configures it, but on ports and folders of its own, loopback only, and without the
 * service account. epmd, which it starts beside itself and leaves running, is ended with it.
 *
 * @param home the unpacked server: {@code /usr/lib/rabbitmq/lib/rabbitmq_server-3.10.8}
 * @param plugins comma-separated; empty for none
 */
public record RabbitMqLauncher(Path home, String plugins) implements Launcher {
    private static final Path PACKAGED = Path.of("/usr/lib/rabbitmq/lib");

    /** The one that Debian's package installed. */
    public static RabbitMqLauncher installed(String plugins) {
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(PACKAGED, "rabbitmq_server-*")) {
            for (Path home : versions) {
                return new RabbitMqLauncher(home, plugins);
            }
        } catch (IOException missing) {
            // The sentence below says it.
        }
        throw new IllegalStateException("no RabbitMQ below " + PACKAGED + ": apt-get install rabbitmq-server");
    }

    @Override
    public String name() {
        return "rabbitmq";
    }

    @Override
    public String describe() {
        return "RabbitMQ " + home.getFileName().toString().replace("rabbitmq_server-", "") + ", plug-ins: "
                + (plugins.isEmpty() ? "none" : plugins);
    }

    @Override
    public Launched launch(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("enabled_plugins"), "[" + plugins + "].\n");
        int port = FreePort.next();
        int epmd = FreePort.next();
        Files.writeString(folder.resolve("rabbitmq.conf"), configuration(port));
        Path log = folder.resolve("console.log");
        ProcessBuilder builder = new ProcessBuilder(home.resolve("sbin/rabbitmq-server").toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().putAll(environment(folder, epmd, FreePort.next()));
        long startedNs = System.nanoTime();
        Process process = builder.start();
        return Launched.of(name(), process, Endpoint.local(port), startedNs, log, () -> end(epmd));
    }

    private String configuration(int port) throws IOException {
        String text = """
                listeners.tcp.1 = 127.0.0.1:%d
                log.file.level = warning
                disk_free_limit.absolute = 2GB
                """.formatted(port);
        if (plugins.contains("rabbitmq_management")) {
            text += "management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = " + FreePort.next() + "\n";
        }
        if (plugins.contains("rabbitmq_stream")) {
            text += "stream.listeners.tcp.1 = 127.0.0.1:" + FreePort.next() + "\n";
        }
        return text;
    }

    /** RabbitMQ: "Configuration", environment variables. */
    private static Map<String, String> environment(Path folder, int epmd, int distribution) {
        return Map.ofEntries(Map.entry("HOME", folder.toString()), //
                Map.entry("RABBITMQ_NODENAME", "bench@localhost"), //
                Map.entry("RABBITMQ_NODE_IP_ADDRESS", ""), //
                Map.entry("RABBITMQ_CONF_ENV_FILE", folder.resolve("none").toString()), //
                Map.entry("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString()), //
                Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("enabled_plugins").toString()), //
                Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString()), //
                Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()), //
                Map.entry("RABBITMQ_PID_FILE", folder.resolve("rabbitmq.pid").toString()), //
                Map.entry("RABBITMQ_DIST_PORT", Integer.toString(distribution)), //
                Map.entry("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}"), //
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"), //
                Map.entry("ERL_EPMD_PORT", Integer.toString(epmd)));
    }

    private static void end(int epmdPort) {
        Listener.pid(epmdPort).flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroy);
    }
}
