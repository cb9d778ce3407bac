// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import io.relais.server.config.Config;
import io.relais.server.listen.Listen;
import io.relais.server.listen.PortUnavailableException;
import io.relais.server.listen.Ports;
import org.jspecify.annotations.Nullable;

/** What the doctor looks at while no server runs. Changes nothing. */
final class Examination {
    private static final int JAVA_WANTED = 25;
    /** A connection is a file, and so is a segment. */
    private static final long FILES_WANTED = 4096;
    private static final Path LIMITS = Path.of("/proc/self/limits");

    private Examination() {}

    static List<Finding> ofMachine() {
        List<Finding> findings = new ArrayList<>();
        int java = Runtime.version().feature();
        findings.add(java >= JAVA_WANTED
                ? Finding.well("java", "version " + Runtime.version() + ", heap of at most "
                        + (Runtime.getRuntime().maxMemory() >> 20) + "MiB")
                : Finding.ill(ExitCode.FAILED, "java", "version " + java + "; " + JAVA_WANTED + " or newer is needed"));
        OptionalLong files = openFilesMax();
        files.ifPresent(limit -> findings.add(limit >= FILES_WANTED
                ? Finding.well("open files", "the limit is " + limit)
                : Finding.ill(ExitCode.FAILED, "open files",
                        "the limit is " + limit + ", and each connection takes one: raise it with 'ulimit -n "
                                + FILES_WANTED + "' or LimitNOFILE of systemd")));
        return findings;
    }

    static Finding ofData(Config config) {
        Path data = config.data().toAbsolutePath().normalize();
        Path existing = existing(data);
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
            return Finding.ill(ExitCode.DATA, "data folder",
                    data + " cannot be written by this user: choose another with --data DIR, or change its owner");
        }
        try {
            FileStore store = Files.getFileStore(existing);
            long free = store.getUsableSpace();
            String space = (free >> 20) + "MiB free on its disk";
            return free < config.broker().diskFreeLimitBytes()
                    ? Finding.ill(ExitCode.DATA, "data folder", data + ": " + space + ", less than disk.free-limit ("
                            + (config.broker().diskFreeLimitBytes() >> 20) + "MiB): publishers would be blocked")
                    : Finding.well("data folder", data + (existing.equals(data) ? ": " : " will be created: ") + space);
        } catch (IOException e) {
            return Finding.ill(ExitCode.DATA, "data folder", data + " cannot be examined: " + e.getMessage());
        }
    }

    static Finding ofPort(String front, Listen listen) {
        String topic = front + " port";
        return switch (listen) {
            case Listen.Off _ -> Finding.well(topic, "off");
            case Listen.At at -> {
                try {
                    InetSocketAddress address = Ports.address(front, at);
                    try (ServerSocket socket = new ServerSocket()) {
                        socket.bind(address);
                        yield Finding.well(topic, at + " is free");
                    } catch (IOException e) {
                        throw Ports.failure(front, at, e);
                    }
                } catch (PortUnavailableException e) {
                    yield Finding.ill(ExitCode.PORT, topic, String.valueOf(e.getMessage()));
                }
            }
        };
    }

    private static @Nullable Path existing(Path folder) {
        Path path = folder;
        while (path != null && !Files.exists(path)) {
            path = path.getParent();
        }
        return path;
    }

    /** The soft limit; empty where the system does not tell. */
    private static OptionalLong openFilesMax() {
        try {
            return Files.readAllLines(LIMITS).stream().filter(line -> line.startsWith("Max open files"))
                    .mapToLong(line -> Long.parseLong(line.split("\\s{2,}", -1)[1])).findFirst();
        } catch (IOException | NumberFormatException _) {
            return OptionalLong.empty();
        }
    }
}
